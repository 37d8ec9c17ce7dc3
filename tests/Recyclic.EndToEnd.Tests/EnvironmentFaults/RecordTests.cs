using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>What the host keeps is spoilt: cut short, overwritten, written by a later version.</summary>
public sealed class RecordTests : FaultTests
{
    private const string State = "/var/lib/recyclic";

    // Users on green: what a host without records would say, blue, must not pass for right.
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        (await Stack.DeployAsync(Two, cancellationToken)).ShouldExitWith(0);
    }

    [TestCase("emptied", ": > journal.jsonl")]
    [TestCase("garbage", "head -c 5000 /dev/urandom > journal.jsonl; head -c 100 /dev/urandom > generation")]
    [TestCase("cut-short", "head -c 3000 journal.jsonl > j && mv j journal.jsonl; : > generation")]
    public async Task A_spoilt_journal_is_begun_again_and_nobody_notices(string how, string spoil)
    {
        if (how != "emptied")
            Settings.OnlyWithAllFaults();
        var serving = await Stack.ServesAsync(One, Token) ? One : Two;
        await InEdgeAsync(spoil);
        await using var site = await Site.OpenAsync(Stack, Token);

        (await Stack.DeployAsync(serving == One ? Two : One, Token)).ShouldExitWith(0);

        (await site.CloseFlawlesslyAsync(Token)).Versions().Length.ShouldBe(2);
        await ShouldBeRightAsync(serving == One ? Two : One);
        (await Stack.RunAsync(Token, "Rollback", "--yes")).ShouldExitWith(0);
        await ShouldBeRightAsync(serving);
    }

    [Test]
    public async Task A_journal_of_a_later_version_is_refused_and_nothing_is_touched()
    {
        var serving = await Stack.ServesAsync(One, Token) ? One : Two;
        await InEdgeAsync(
            """cp journal.jsonl kept; echo '{"at":"2026-01-02T12:00:00+00:00","deploy":"x","kind":"Weave","schema":2}' >> journal.jsonl"""
        );
        var before = await Stack.InventoryAsync(Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        (await Stack.DeployAsync(One, Token))
            .ShouldExitWith(2)
            .All.ShouldContain("a later version of Recyclic has written on this host (schema 2");

        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await site.CloseFlawlesslyAsync(Token);
        await InEdgeAsync("mv kept journal.jsonl");
        await ShouldBeRightAsync(serving);
    }

    [TestCase("head -c 50 /dev/urandom > share.map")]
    [TestCase(": > share.map")]
    public async Task An_edge_whose_share_file_is_spoilt_restarts_with_what_was_committed(string spoil)
    {
        if (spoil != ": > share.map")
            Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(Two, Token);
        if (await ServingSlotAsync() != "green")
            (await Stack.DeployAsync(Two, Token)).ShouldExitWith(0);
        await InEdgeAsync(spoil);
        await DockerHere.RunAsync(Token, "restart", Stack.Edge);

        await Eventually.TrueAsync(
            () => Stack.ServesAsync(Two, Token),
            BackWithin,
            "the committed release serves",
            Token
        );
        await using var site = await Site.OpenAsync(Stack, Token);
        await ShouldBeRightAfterDeployAsync(One);
        await site.CloseFlawlesslyAsync(Token);
    }

    private async Task InEdgeAsync(string script) =>
        await DockerHere.RunAsync(Token, "exec", "--workdir", State, Stack.Edge, "sh", "-c", script);
}
