using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// A deployer is killed after each of its calls to engine and host; the next command
/// recovers. At no moment are users without a release, and afterwards host and journal agree.
/// </summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.Children)]
internal sealed class KilledDeployerScenarios
{
    [Test]
    public Task An_upgrade_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(),
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_deploy_that_fails_its_gate_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync();
                stage.Cluster.Fates["sha256:web-3"] = Fate.TurnsUnhealthy;
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_deploy_that_fails_its_hand_over_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync();
                stage.Cluster.Fates["sha256:bot-3"] = Fate.Exits;
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_rollback_to_a_stopped_release_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(),
            (deployer, request, interrupted) => deployer.RollbackAsync("store", request, interrupted),
            null
        );

    [Test]
    public Task A_rollback_to_a_warm_release_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(new DeployOptions { KeepWarm = true }),
            (deployer, request, interrupted) => deployer.RollbackAsync("store", request, interrupted),
            null
        );

    [Test]
    public Task A_deploy_of_the_same_release_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(),
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "2"
        );

    [Test]
    public Task A_deploy_that_fails_its_watch_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync();
                stage.Cluster.Fates["sha256:api-3"] = Fate.SickensInService;
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_deploy_cancelled_in_its_watch_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(),
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3",
            interruptAt: "probe"
        );

    [Test]
    public Task D02_A_redeploy_that_fails_its_watch_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync();
                stage.Cluster.SickSlot = Slot.Blue;
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "2"
        );

    [Test]
    public Task D02_A_redeploy_cancelled_in_its_watch_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(),
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "2",
            interruptAt: "probe"
        );

    [Test]
    public Task A_canary_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            () => DeployScenarios.UpgradedAsync(new DeployOptions { Canary = CanaryScenarios.Terms }),
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_canary_that_is_worse_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync(new DeployOptions { Canary = CanaryScenarios.Terms });
                stage.Cluster.Verdict = asked =>
                    asked.Percent == 50 && stage.Cluster.Journal.Interrupted?.Release.Tag == "3"
                        ? new(CanaryAnswer.Breach, "8% fail")
                        : new(CanaryAnswer.Pass, "all is well");
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public Task A_watched_deploy_that_goes_back_may_be_killed_at_any_moment() =>
        KillEverywhereAsync(
            async () =>
            {
                var stage = await DeployScenarios.UpgradedAsync(
                    new DeployOptions { WatchFor = TimeSpan.FromSeconds(3) }
                );
                stage.Cluster.Verdict = _ =>
                    stage.Cluster.Journal.Interrupted?.Release.Tag == "3"
                        ? new(CanaryAnswer.Breach, "8% fail") { Trigger = "high_error_rate" }
                        : new(CanaryAnswer.Pass, "all is well");
                return stage;
            },
            (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
            "3"
        );

    [Test]
    public async Task A_first_deploy_may_be_killed_at_any_moment()
    {
        for (var call = 1; ; call++)
        {
            var stage = new Stage();
            if (
                !await KillAsync(
                    stage,
                    call,
                    (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                    "1"
                )
            )
                break;
            var moment = $"killed at call {call}, {stage.Cluster.Changes.LastOrDefault()}";
            await stage.RecoverAsync();
            stage.Cluster.Journal.Interrupted.ShouldBeNull(moment);
            if (stage.Cluster.Journal.Current is not null)
                stage.Cluster.SeenNow().ShouldBe("1", moment);
            (await stage.DeployAsync("2")).ExitCode.ShouldBe(0, moment);
            stage.Cluster.SeenNow().ShouldBe("2", moment);
            stage.Cluster.RanTwice.ShouldBeFalse(moment);
            stage.Cluster.Unprotected.ShouldBeNull(moment);
        }
    }

    private static async Task KillEverywhereAsync(
        Func<Task<Stage>> given,
        Func<Deployer, DeployRequest, CancellationToken, Task> action,
        string? tag,
        string interruptAt = "never"
    )
    {
        var wrong = new List<string>();
        var call = 1;
        for (; ; call++)
        {
            var stage = await given();
            if (!await KillAsync(stage, call, action, tag, interruptAt))
                break;
            if (await WrongAfterRecoveryAsync(stage) is { } what)
                wrong.Add($"killed after call {call} ({stage.Cluster.Changes.LastOrDefault()}): {what}");
        }
        call.ShouldBeGreaterThan(10);
        wrong.ShouldBeEmpty();
    }

    private static Task<bool> KillAsync(
        Stage stage,
        int at,
        Func<Deployer, DeployRequest, CancellationToken, Task> action,
        string? tag,
        string interruptAt = "never"
    )
    {
        var process = new MemoryProcess
        {
            InterruptsAt = (_, name) => name == interruptAt,
            DiesAfter = (call, _) => call == at,
        };
        return stage.DiesAsync(process, action, tag);
    }

    private static async Task<string?> WrongAfterRecoveryAsync(Stage stage)
    {
        var cluster = stage.Cluster;
        var before = string.Join(" | ", cluster.Changes.Where(change => change != "time passes").TakeLast(3));
        try
        {
            await stage.RecoverAsync();
            var current = cluster.Journal.Current!;
            if (cluster.Journal.Interrupted is not null)
                return "still interrupted";
            if (cluster.Seen.Skip(1).Contains("nothing"))
                return $"users had nothing: {string.Join(", ", cluster.Seen)} after {before}";
            if (cluster.SeenNow() != current.Release.Tag)
                return $"users see {cluster.SeenNow()}, the journal says {current.Release.Tag} after {before}";
            if (cluster.Share != current.Slot.FullShare() || cluster.FileShare != cluster.Share)
                return $"the share is {cluster.Share}, the commit is on {current.Slot} after {before}";
            if (cluster.RanTwice)
                return $"the bot ran twice after {before}";
            var bots = cluster.Running.Where(name => name.StartsWith("bot", StringComparison.Ordinal)).ToList();
            if (bots is not [var bot] || bot != "bot." + current.Slot.Name())
                return $"the bots that run are: {string.Join(",", bots)} after {before}";
            if (await stage.RecoverAsync() is { } again)
                return $"recovering once was not enough: {again}";
            cluster.SickSlot = null;
            if ((await stage.DeployAsync("9")).ExitCode != 0)
                return "the next deploy fails";
            return cluster.SeenNow() == "9" && !cluster.Seen.Skip(1).Contains("nothing")
                ? null
                : $"the next deploy: {string.Join(", ", cluster.Seen)}";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message} after {before}";
        }
    }
}
