using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

[CancelAfter(480_000)]
public sealed class SimultaneousDeployTests : StackTests
{
    private protected override bool IsShared => true;

    [Test]
    public async Task Of_two_deploys_at_the_same_moment_one_wins_and_the_other_says_who_holds_the_lock()
    {
        await using var site = await Site.OpenAsync(Stack, Token);

        var ended = await Task.WhenAll(Stack.DeployAsync(One, Token), Stack.DeployAsync(Two, Token));

        ended
            .Select(result => result.ExitCode)
            .Order()
            .ToArray()
            .ShouldBe([0, 4], string.Join('\n', ended.Select(result => result.All)));
        var refused = ended.Single(result => result.ExitCode == 4);
        refused.All.ShouldContain($"{Environment.UserName}@");
        refused.All.ShouldContain("users");
        refused.All.ShouldContain("next");
        var winner = ended[0].ExitCode == 0 ? One : Two;
        var seen = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(seen, await Stack.JournalAsync(Token));
        await Stack.ShouldServeAsync(winner, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
    }

    [Test]
    public async Task A_deploy_that_waits_runs_after_the_other()
    {
        // Where eight deploy at once, two of them wait.
        Settings.OnlyWithAllFaults();
        await using var site = await Site.OpenAsync(Stack, Token);

        var ended = await Task.WhenAll(
            Stack.DeployAsync(One, Token, "--wait"),
            Stack.DeployAsync(Two, Token, "--wait")
        );

        foreach (var result in ended)
            result.ShouldExitWith(0);
        ended.Count(result => result.All.Contains("waiting for the deploy of ", StringComparison.Ordinal)).ShouldBe(1);
        var seen = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(seen, await Stack.JournalAsync(Token));
        await Stack.ShouldServeAsync(ended[0].EndedAt > ended[1].EndedAt ? One : Two, Token);
        await ShouldHaveOneServingSlotAndNothingLeftAsync(await ServingSlotAsync());
    }
}
