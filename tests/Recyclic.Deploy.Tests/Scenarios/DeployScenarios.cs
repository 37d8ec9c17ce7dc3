using System.Collections.Concurrent;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Whole deploys on a host in memory.</summary>
[CancelAfter(30_000)]
internal sealed class DeployScenarios
{
    [Test]
    public async Task The_first_deploy_makes_everything_and_users_get_the_release()
    {
        var stage = new Stage();
        var outcome = await stage.DeployAsync("1");
        outcome.ExitCode.ShouldBe(0);
        Serves(stage, "1", Slot.Blue);
        stage.Cluster.Seen.ShouldBe(["nothing", "1"]);
        stage.Cluster.Running.ShouldBe(["api.blue", "web.blue", "bot.blue"]);
        stage.Cluster.Accessories.Select(container => container.Service).ShouldBe(["db"]);
    }

    [Test]
    public async Task An_upgrade_has_no_moment_without_a_release_and_no_moment_with_two_bots()
    {
        var stage = await UpgradedAsync();
        Serves(stage, "2", Slot.Green);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2"]);
        stage.Cluster.RanTwice.ShouldBeFalse();
        stage.Cluster.Unprotected.ShouldBeNull();
        stage.Cluster.Running.ShouldBe(["api.green", "web.green", "bot.green"]);
        stage.Cluster.Of(Slot.Blue).ShouldAllBe(container => container.State == "exited");
        stage.Cluster.Restarts["api-green-1-2"].ShouldBe("unless-stopped");
        stage.Cluster.Restarts["api-blue-1-1"].ShouldBe("no");
        stage.Cluster.Journal.History.Select(entry => entry.Outcome).ShouldBe([Outcome.Success, Outcome.Success]);
        stage.Cluster.Holder.ShouldBeNull();
    }

    [TestCase("sha256:api-2", Fate.Exits, "store--green-api-1 exited with code 1")]
    [TestCase("sha256:web-2", Fate.TurnsUnhealthy, "store--green-web-1 is unhealthy")]
    [TestCase("sha256:bot-2", Fate.Exits, "store--green-bot-1 exited with code 1")]
    [TestCase("sha256:api-2", Fate.SickensInService, "store--green-api-1 is unhealthy")]
    public async Task A_release_that_does_not_work_leaves_users_on_the_old_one(string image, Fate fate, string reason)
    {
        var stage = new Stage();
        await stage.DeployAsync("1");
        stage.Cluster.Fates[image] = fate;
        var outcome = await stage.DeployAsync("2");
        outcome.Outcome.ShouldBe(Outcome.Undone);
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(reason);
        outcome.Failure.Evidence.ShouldContain(line => line.Contains("says good-bye", StringComparison.Ordinal));
        Serves(stage, "1", Slot.Blue);
        stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing");
        stage.Cluster.Running.ShouldBe(["api.blue", "web.blue", "bot.blue"]);
        stage.Cluster.Of(Slot.Green).ShouldBeEmpty();
        stage.Cluster.Journal.History.Last().Reason.ShouldBe(reason);
        stage.Cluster.Journal.Previous.ShouldBeNull("a release that failed is nothing to go back to");
    }

    [Test]
    public async Task A_release_that_never_gets_healthy_fails_at_the_deadline()
    {
        var stage = new Stage { Options = new DeployOptions { DeployTimeout = TimeSpan.FromMilliseconds(100) } };
        stage.Cluster.Fates["sha256:api-2"] = Fate.StaysStarting;
        stage.Options = new DeployOptions();
        await stage.DeployAsync("1");
        stage.Options = new DeployOptions { DeployTimeout = TimeSpan.FromMilliseconds(100) };
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe("store--green-api-1 was not healthy after 0.1 s");
        Serves(stage, "1", Slot.Blue);
    }

    [Test]
    public async Task A_first_deploy_that_fails_its_gate_leaves_nothing_behind()
    {
        var stage = new Stage();
        stage.Cluster.Fates["sha256:api-1"] = Fate.Exits;
        var outcome = await stage.DeployAsync("1");
        outcome.ExitCode.ShouldBe(1);
        stage.Cluster.Containers.ShouldBeEmpty();
        stage.Cluster.Accessories.ShouldBeEmpty();
        stage.Cluster.Networks.ShouldBeEmpty();
        stage.Cluster.Edge.Exists.ShouldBeFalse();
        stage.Cluster.Journal.Current.ShouldBeNull();
        stage.Cluster.Fates.Clear();
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_rollback_starts_the_stopped_release_again()
    {
        var stage = await UpgradedAsync();
        var outcome = await stage.RollbackAsync();
        outcome.ExitCode.ShouldBe(0);
        Serves(stage, "1", Slot.Blue);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "1"]);
        stage.Cluster.RanTwice.ShouldBeFalse();
        stage.Cluster.Unprotected.ShouldBeNull();
        stage.Cluster.Running.ShouldBe(["api.blue", "web.blue", "bot.blue"]);
    }

    [Test]
    public async Task A_rollback_to_a_warm_release_starts_nothing_but_the_bot()
    {
        var stage = await UpgradedAsync(new DeployOptions { KeepWarm = true });
        stage.Cluster.Changes.Clear();
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        Serves(stage, "1", Slot.Blue);
        stage
            .Cluster.Changes.Where(change => change.StartsWith("start ", StringComparison.Ordinal))
            .ShouldBe(["start bot-blue-1-1"]);
        stage.Cluster.Running.ShouldBe(
            ["api.blue", "web.blue", "api.green", "web.green", "bot.blue"],
            ignoreOrder: true
        );
        (await stage.RetireAsync())
            .Select(step => step.Describe())
            .ShouldBe(["drain green (at most 30 s)", "stop green (its containers stay)"]);
        Serves(stage, "1", Slot.Blue);
    }

    [Test]
    public async Task A_rollback_to_a_release_without_containers_starts_it_from_its_images()
    {
        var stage = await UpgradedAsync();
        await stage.DeployAsync("3");
        var outcome = await stage.RollbackAsync("1");
        outcome.ExitCode.ShouldBe(0);
        outcome.Plan.Operation.ShouldBe(Operation.Rollback);
        Serves(stage, "1", Slot.Green);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "3", "1"]);
        stage.Reporter.Lines.ShouldContain("note: 1 has no containers any more: it is started from its images");
    }

    [Test]
    public async Task A_rollback_to_a_release_that_does_not_work_any_more_leaves_users_where_they_are()
    {
        var stage = await UpgradedAsync();
        stage.Cluster.Fates["sha256:web-1"] = Fate.TurnsUnhealthy;
        (await stage.RollbackAsync()).ExitCode.ShouldBe(1);
        Serves(stage, "2", Slot.Green);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2"]);
        stage.Cluster.Running.ShouldBe(["api.green", "web.green", "bot.green"]);
    }

    [Test]
    public async Task Open_sessions_get_the_drain_time_and_then_a_warning()
    {
        var stage = await UpgradedAsync(new DeployOptions { DrainTimeout = TimeSpan.FromSeconds(2) });
        stage.Cluster.OpenSessions = 7;
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Reporter.Lines.ShouldContain(
            "warning: 7 sessions of green were still open after 2 s and will be cut (--drain-timeout)"
        );
    }

    [Test]
    public async Task The_same_release_again_takes_the_other_slot()
    {
        var stage = await UpgradedAsync();
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        Serves(stage, "2", Slot.Blue);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2"]);
    }

    [Test]
    public async Task A_deploy_ends_at_once_while_another_holds_the_lock()
    {
        var stage = await UpgradedAsync();
        stage.Cluster.Holder = new LockHolder("bob@ci", Given.Noon, "https://ci/run/7");
        stage.Cluster.Changes.Clear();
        var held = await Should.ThrowAsync<LockHeldException>(() => stage.DeployAsync("3"));
        held.Holder.By.ShouldBe("bob@ci");
        held.Message.ShouldStartWith(
            "Another deploy holds the lock: bob@ci, since 2026-01-02 12:00:00 UTC, https://ci/run/7."
        );
        stage.Cluster.Changes.ShouldBeEmpty();
    }

    [Test]
    public async Task A_deploy_that_is_to_wait_begins_when_the_other_has_ended()
    {
        var stage = await UpgradedAsync();
        var first = await new MemoryLock(stage.Cluster, new MemoryProcess(), stage.Time).TakeAsync(
            "store",
            "bob@ci",
            null,
            CancellationToken.None
        );
        var waiting = stage.DeployAsync("3", wait: true);
        stage.Reporter.Lines.ShouldContain("note: waiting for the deploy of bob@ci to end");
        await first.DisposeAsync();
        (await waiting).ExitCode.ShouldBe(0);
        Serves(stage, "3", Slot.Blue);
    }

    [Test]
    public async Task A_dry_run_changes_nothing_and_shows_the_plan_that_the_deploy_then_runs()
    {
        var stage = await UpgradedAsync();
        stage.Cluster.Changes.Clear();
        var plan = await stage.PlanAsync("3");
        stage.Cluster.Changes.ShouldAllBe(change => change == "time passes");
        (await stage.DeployAsync("3")).Plan.ToText().ShouldBe(plan.ToText());
    }

    private static readonly ConcurrentDictionary<DeployOptions, Task<Stage>> Upgraded = [];

    /// <summary>Release 1, then 2, have been deployed; 2 serves in green.</summary>
    internal static async Task<Stage> UpgradedAsync(DeployOptions? options = null)
    {
        options ??= new DeployOptions();
        var template = await Upgraded.GetOrAdd(options, UpgradeAsync);
        var stage = new Stage { Options = options };
        stage.Time.Advance(TimeSpan.FromHours(1));
        stage.Cluster.BecomeLike(template.Cluster);
        return stage;
    }

    private static async Task<Stage> UpgradeAsync(DeployOptions options)
    {
        var stage = new Stage { Options = options };
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        return stage;
    }

    internal static void Serves(Stage stage, string tag, Slot slot)
    {
        stage.Cluster.SeenNow().ShouldBe(tag);
        stage.Cluster.Journal.Current!.Release.Tag.ShouldBe(tag);
        stage.Cluster.Journal.Current.Slot.ShouldBe(slot);
        stage.Cluster.Share.ShouldBe(slot.FullShare());
        stage.Cluster.FileShare.ShouldBe(slot.FullShare());
    }
}
