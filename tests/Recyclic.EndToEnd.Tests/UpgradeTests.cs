using System.Text.Json.Nodes;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

[TestFixture(1)]
[TestFixture(3)]
public sealed class UpgradeTests(int replicas) : StackTests(replicas)
{
    /// <summary>What one replica does, three do too, and every other test with users has one.</summary>
    private protected override bool IsForAllFaultsOnly => Replicas == 1;

    [Test]
    public async Task Deploys_and_rollbacks_under_load_lose_no_request_and_show_no_version_that_is_not_live()
    {
        await using var site = await Site.OpenAsync(Stack, Token);
        var (serving, other) = (One, Two);

        for (var deploy = 0; deploy < Settings.Deploys; deploy++)
        {
            // The last one keeps its predecessor warm for the first rollback.
            string[] warm = deploy == Settings.Deploys - 1 ? ["--keep-warm"] : [];
            (await Stack.DeployAsync(other, Token, warm)).ShouldExitWith(0);
            (serving, other) = (other, serving);
        }
        for (var rollback = 0; rollback < Settings.Rollbacks; rollback++)
        {
            // The first finds its release warm, the others find it stopped.
            if (rollback > 0)
                (await Stack.RunAsync(Token, "Retire")).ShouldExitWith(0);
            var back = (await Stack.RunAsync(Token, "Rollback", "--tag", other, "--yes")).ShouldExitWith(0);
            back.Output.ShouldContain($"digests recorded for {other}");
            back.Output.Contains($" again with {other}", StringComparison.Ordinal).ShouldBe(rollback > 0, back.Output);
            (serving, other) = (other, serving);
        }

        var result = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(result, await Stack.JournalAsync(Token));
        await Stack.ShouldServeAsync(serving, Token);
        await ShouldAgreeAsync(Settings.Deploys + Settings.Rollbacks);
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    /// <summary>The edge's own count of the requests during each deploy; the first one had no users yet.</summary>
    private async Task ShouldAgreeAsync(int operations)
    {
        var history = (await Stack.HistoryAsync(Token)).Take(operations).OfType<JsonNode>().ToList();
        history.Count.ShouldBe(operations);
        foreach (var entry in history)
        {
            entry["outcome"]!.GetValue<string>().ShouldBe("success");
            entry["requests"]!["failed"]!.GetValue<long>().ShouldBe(0, entry.ToJsonString());
            entry["requests"]!["total"]!.GetValue<long>().ShouldBeGreaterThan(0, entry.ToJsonString());
        }
    }
}
