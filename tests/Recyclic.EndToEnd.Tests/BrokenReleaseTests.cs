using System.Globalization;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>A release that does not work costs no user a request, and leaves the host as it was.</summary>
[CancelAfter(480_000)]
public sealed class BrokenReleaseTests : StackTests
{
    private protected override bool IsShared => true;

    // The claim itself; it takes a tenth of a second, so that a busy machine keeps it too.
    private static readonly TimeSpan CrashNoticed = TimeSpan.FromSeconds(2);

    [TestCase("never-healthy", "gate")]
    [TestCase("exit-at-once", "gate")]
    [TestCase("unhealthy-after=2s", "watch")]
    public async Task A_broken_release_is_undone_and_no_request_is_lost(string fault, string latest)
    {
        // How a crash is noticed is a test of its own.
        if (fault == "exit-at-once")
            Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var broken = await Images.DeriveAsync(fault.Split('=')[0], Token, fault);
        var before = await Stack.InventoryAsync(Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (await Stack.DeployAsync(broken, Token, "--deploy-timeout", "12")).ShouldExitWith(1);

        var seen = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(seen, await Stack.JournalAsync(Token));
        if (latest == "gate")
            seen.Versions().Select(version => version.Version).ShouldBe([One]);
        ShouldAnswerFourQuestions(result, broken, fault);
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await Stack.ShouldServeAsync(One, Token);
        (await Stack.HistoryAsync(Token))[0]!["outcome"]!.GetValue<string>().ShouldBe("undone");
        await Stack.ShouldHaveOneBotAsync(Token);
    }

    [Test]
    public async Task A_crash_is_noticed_within_two_seconds_and_not_at_the_timeout()
    {
        await Stack.EnsureAsync(One, Token);
        var broken = await Images.DeriveAsync("exit-at-once", Token, "exit-at-once");
        var begun = DateTimeOffset.UtcNow;

        var result = (await Stack.DeployAsync(broken, Token)).ShouldExitWith(1);

        var idle = await ServingSlotAsync() == "blue" ? "green" : "blue";
        var died = await FirstDeathAsync($"{Stack.App}--{idle}-api-1", begun);
        var journal = (await Stack.JournalAsync(Token)).Where(line => line.At >= begun).ToList();
        // A container that dies while others are still being created is looked at when the gate begins.
        var gate = journal.First(line => line.Begins("gate")).At;
        var noticed = journal.First(line => line.Kind == "UndoBegun").At;
        TestContext.Out.WriteLine(
            $"noticed {(noticed - died).TotalMilliseconds:0} ms after the death, {(noticed - gate).TotalMilliseconds:0} ms after the gate began"
        );
        (noticed - (died > gate ? died : gate)).ShouldBeLessThan(CrashNoticed);
        result.All.ShouldContain("exited with code 7");
    }

    [Test]
    public async Task A_release_without_one_of_its_images_is_refused_by_the_services_name()
    {
        await Stack.EnsureAsync(One, Token);
        var incomplete = await Images.DeriveAsync("incomplete", Token, without: "frontend");
        var before = await Stack.InventoryAsync(Token);

        var result = (await Stack.DeployAsync(incomplete, Token)).ShouldExitWith(2);

        result.All.ShouldContain($"service frontend: there is no image recyclic/frontend:{incomplete}");
        result.All.ShouldContain($"./build.sh BuildImages --tag {incomplete}");
        result.All.ShouldNotContain("service api:");
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await Stack.ShouldServeAsync(One, Token);
    }

    [Test]
    public async Task A_first_release_that_is_broken_leaves_no_container_and_no_network()
    {
        await using var fresh = new Stack(1);
        var broken = await Images.DeriveAsync("exit-at-once", Token, "exit-at-once");

        var result = (await fresh.DeployAsync(broken, Token)).ShouldExitWith(1);

        result.All.ShouldContain("there was no release before");
        // The volume with the journal stays: it is how the next command knows what happened. Keys are never thrown away.
        (await fresh.InventoryAsync(Token)).ShouldBe($"volume {fresh.App}.keys\nvolume {fresh.App}.state");
        (await fresh.HistoryAsync(Token))[0]!["outcome"]!.GetValue<string>().ShouldBe("undone");
        (await fresh.DeployAsync(One, Token)).ShouldExitWith(0);
        await fresh.ShouldServeAsync(One, Token);
    }

    private void ShouldAnswerFourQuestions(ToolResult result, string broken, string fault)
    {
        var idle = result.Output.Contains("start green with", StringComparison.Ordinal) ? "green" : "blue";
        result.All.ShouldContain($"deploy of {Stack.App} {broken} failed at step ");
        result.All.ShouldContain($"  cause   {Stack.App}--{idle}-api-1 ");
        // One that exits at once has gone before anybody could probe it.
        result.All.ShouldContain(fault == "exit-at-once" ? "exited with code 7" : "last probe failed");
        result.All.ShouldContain($"log lines of {Stack.App}--{idle}-api-1:");
        result.All.ShouldContain($"  users   {One} on ");
        result.All.ShouldContain($"remove {idle}");
        result.All.ShouldContain("  next    mend the release");
    }

    private static async Task<DateTimeOffset> FirstDeathAsync(string container, DateTimeOffset since)
    {
        var lines = await DockerHere.LinesAsync(
            Token,
            "events",
            "--since",
            Timestamp(since),
            "--until",
            Timestamp(DateTimeOffset.UtcNow),
            "--filter",
            "event=die",
            "--filter",
            $"container={container}",
            "--format",
            "{{.TimeNano}}"
        );
        lines.ShouldNotBeEmpty($"the engine has an event for the death of {container}");
        return DateTimeOffset.UnixEpoch.AddTicks(long.Parse(lines[0], CultureInfo.InvariantCulture) / 100);
    }

    private static string Timestamp(DateTimeOffset at) =>
        (at.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
}
