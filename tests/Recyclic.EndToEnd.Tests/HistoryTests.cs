using System.Text.RegularExpressions;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>One application with two good releases behind it, and the ways between them.</summary>
[CancelAfter(480_000)]
public sealed partial class HistoryTests : StackTests
{
    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        (await Stack.DeployAsync(One, cancellationToken, "--watch", "0")).ShouldExitWith(0);
        (await Stack.DeployAsync(Two, cancellationToken, "--watch", "0")).ShouldExitWith(0);
    }

    [Test]
    public async Task A_dry_run_changes_nothing_and_prints_what_the_next_run_does()
    {
        var next = await Stack.ServesAsync(One, Token) ? Two : One;
        var before = await EverythingAsync();

        var dry = (await Stack.DeployAsync(next, Token, "--dry-run")).ShouldExitWith(0);

        (await EverythingAsync()).ShouldBe(before);
        dry.Output.ShouldContain("This was a dry run: nothing was changed.");
        dry.Plan.Length.ShouldBeGreaterThan(5, dry.Output);
        var real = (await Stack.DeployAsync(next, Token, "--verbosity", "verbose")).ShouldExitWith(0);
        // How much memory is free is said as it is at the moment.
        Steady(real.Plan).ShouldBe(Steady(dry.Plan));
        real.Output.ShouldContain("$ docker ");
        var planned = dry
            .Plan.Select(line => Numbered().Match(line))
            .Where(match => match.Success)
            .Select(match => Action(match.Groups[2].Value))
            .ToList();
        var journal = await Stack.JournalAsync(Token);
        journal
            .Where(line => line.Deploy == journal[^1].Deploy && line.Kind == "StepBegun")
            .Select(line => line.Step)
            .ShouldBe(planned);
    }

    [Test]
    public async Task Items_survive_a_deploy_and_a_rollback_and_the_bot_never_runs_twice()
    {
        await Stack.EnsureAsync(Two, Token);
        await Stack.AddItemAsync("before the deploy", Token);
        (await Stack.DeployAsync(await Images.DeriveAsync("3", Token), Token, "--watch", "0")).ShouldExitWith(0);
        await Stack.AddItemAsync("after the deploy", Token);
        (await Stack.ReadItemsAsync(Token)).ShouldContain("before the deploy");

        var back = (await Stack.RunAsync(Token, "Rollback", "--yes")).ShouldExitWith(0);

        back.Output.ShouldContain($"digests recorded for {Two}");
        await Stack.ShouldServeAsync(Two, Token);
        var items = await Stack.ReadItemsAsync(Token);
        items.ShouldContain("before the deploy");
        items.ShouldContain("after the deploy");
        await Stack.ShouldHaveOneBotAsync(Token);
        (await Stack.HistoryAsync(Token))[0]!["kind"]!.GetValue<string>().ShouldBe("rollback");
    }

    [Test]
    public async Task A_rollback_that_nobody_can_confirm_or_to_an_unknown_tag_is_refused()
    {
        await Stack.EnsureAsync(Two, Token);
        var before = await Stack.InventoryAsync(Token);

        var unconfirmed = (await Stack.RunAsync(Token, "Rollback")).ShouldExitWith(2);
        var unknown = (await Stack.RunAsync(Token, "Rollback", "--tag", "no-such-tag", "--yes")).ShouldExitWith(2);

        unconfirmed.All.ShouldContain("--yes");
        unknown.All.ShouldContain("no-such-tag was never live here");
        unknown.All.ShouldMatch($@"{One} +live \d+ \w+ ago, (stopped|images)");
        unknown.All.ShouldMatch($@"{Two} +live \d+ \w+ ago, serving");
        (await Stack.InventoryAsync(Token)).ShouldBe(before);
        await Stack.ShouldServeAsync(Two, Token);
    }

    [Test]
    public async Task A_rollback_to_a_release_of_which_only_images_are_left_starts_it_again()
    {
        await Stack.EnsureAsync(Two, Token);
        // As `docker container prune` would, by someone who needed the disk.
        var stopped = await DockerHere.LinesAsync(
            Token,
            "ps",
            "--all",
            "--quiet",
            "--filter",
            $"name=^{Stack.App}-",
            "--filter",
            "status=exited"
        );
        if (stopped.Length > 0)
            await DockerHere.RunAsync(Token, ["rm", .. stopped]);
        await using var site = await Site.OpenAsync(Stack, Token);

        (await Stack.RunAsync(Token, "Rollback", "--tag", One, "--yes"))
            .ShouldExitWith(0)
            .Output.ShouldContain($"digests recorded for {One}");

        var seen = await site.CloseFlawlesslyAsync(Token);
        Site.ShouldHaveSeenOnlyLiveVersions(seen, await Stack.JournalAsync(Token));
        await Stack.ShouldServeAsync(One, Token);
    }

    private async Task<string> EverythingAsync()
    {
        var images = await DockerHere.LinesAsync(
            Token,
            "images",
            "--no-trunc",
            "--filter",
            $"reference=recyclic/*:e2e-{Images.Run}-*",
            "--format",
            "{{.Repository}}:{{.Tag}} {{.ID}}"
        );
        return string.Join('\n', images.Order(StringComparer.Ordinal).Prepend(await Stack.InventoryAsync(Token)));
    }

    private static string Action(string line) => line.Split("   undo: ")[0].TrimEnd();

    private static string[] Steady(IEnumerable<string> plan) =>
        [.. plan.Where(line => !line.StartsWith("note: memory: ", StringComparison.Ordinal))];

    [GeneratedRegex(@"^ *(\d+)\. (.*)$")]
    private static partial Regex Numbered();
}
