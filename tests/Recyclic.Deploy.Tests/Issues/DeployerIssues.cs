using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Deploy.Tests.Scenarios;

namespace Recyclic.Deploy.Tests.Issues;

[CancelAfter(30_000)]
internal sealed class DeployerIssues
{
    [Test]
    public async Task D01_A_first_deploy_that_fails_its_watch_is_not_what_users_have()
    {
        var stage = new Stage();
        stage.Cluster.Fates["sha256:api-1"] = Fate.SickensInService;
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(1);
        stage.Cluster.Containers.ShouldBeEmpty();
        stage.Cluster.Journal.Current.ShouldBeNull();
    }

    [Test]
    public async Task D07_A_deploy_that_was_killed_while_it_replaced_the_edge_does_not_keep_the_next_one_from_working()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Model = Given.StoreModel.Replace("4444", "5555", StringComparison.Ordinal);
        using var process = new MemoryProcess { DiesAfter = (_, name) => name == "configure" };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "3"
            )
        ).ShouldBeTrue();
        (stage.Cluster.Edge, stage.Cluster.Share) = (EdgeState.None, null);
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("3");
    }

    [Test]
    public async Task D14_A_rollback_does_not_shift_users_to_a_slot_that_lacks_a_service_of_its_release()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Containers.RemoveAll(container => container.Id == "web-blue-1-1");
        await stage.RollbackAsync();
        stage.Cluster.Running.ShouldContain(name => name.StartsWith("web", StringComparison.Ordinal));
        stage
            .Cluster.Of(stage.Cluster.Journal.Current!.Slot)
            .Select(container => container.Service)
            .ShouldContain("web");
    }

    [Test]
    public async Task D15_A_rollback_by_images_to_a_release_without_a_service_of_todays_file_takes_that_services_image_at_its_tag()
    {
        var stage = new Stage(
            Given.StoreModel.Replace(
                "\"web\": {\n      \"image\": \"team/web:${TAG}\"",
                "\"web\": {\n      \"image\": \"team/web:fixed\"",
                StringComparison.Ordinal
            )
        );
        foreach (var tag in new[] { "1", "2", "3" })
            (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        stage.Model = Given.StoreModel;
        (await stage.RollbackAsync("1")).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public async Task D17_A_last_record_that_cannot_be_written_does_not_hide_the_outcome()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var process = new MemoryProcess
        {
            Fails = (_, name) => name == "append End" ? new StepFailedException("disk full", []) : null,
        };
        (await stage.DeployAsync("3", process)).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public async Task D19_A_rollback_starts_a_stopped_edge()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        (stage.Cluster.Edge, stage.Cluster.Share) = (stage.Cluster.Edge with { IsRunning = false }, null);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task D25_An_exclusive_service_that_broke_meanwhile_does_not_keep_every_later_deploy_from_working()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var process = new MemoryProcess { DiesAfter = (_, name) => name == "share" };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "3"
            )
        ).ShouldBeTrue();
        stage.Cluster.Fates["sha256:bot-3"] = Fate.Exits;
        stage.Cluster.Change("the bot breaks", () => stage.Cluster.Stop("bot-blue-1-3", 1));
        (await stage.DeployAsync("4")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_deployer_that_dies_right_after_its_commit_does_not_leave_a_release_that_a_reboot_would_not_start()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var process = new MemoryProcess { DiesAfter = (_, name) => name == "commit" };
        (
            await stage.DiesAsync(
                process,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "3"
            )
        ).ShouldBeTrue();
        await stage.RecoverAsync();
        stage
            .Cluster.Of(Slot.Blue)
            .Select(container => stage.Cluster.Restarts[container.Id])
            .ShouldAllBe(policy => policy == "unless-stopped");
        stage
            .Cluster.Of(Slot.Green)
            .Select(container => stage.Cluster.Restarts[container.Id])
            .ShouldAllBe(policy => policy == "no");
    }

    [Test]
    public async Task A_recovery_that_dies_right_after_its_commit_does_not_leave_a_release_that_a_reboot_would_not_start()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.SickensInService;
        using var deploys = new MemoryProcess { DiesAfter = (_, name) => name == "append UndoBegun" };
        (
            await stage.DiesAsync(
                deploys,
                (deployer, request, interrupted) => deployer.DeployAsync(request, interrupted),
                "3"
            )
        ).ShouldBeTrue();
        using var recovers = new MemoryProcess { DiesAfter = (_, name) => name == "commit" };
        (
            await stage.DiesAsync(
                recovers,
                (deployer, request, interrupted) => deployer.RecoverAsync("store", request, interrupted),
                null
            )
        ).ShouldBeTrue();
        await stage.RecoverAsync();
        stage
            .Cluster.Of(Slot.Green)
            .Select(container => stage.Cluster.Restarts[container.Id])
            .ShouldAllBe(policy => policy == "unless-stopped");
    }

    [Test]
    public async Task An_exclusive_service_that_crashes_just_before_its_hand_over_does_not_come_back_beside_the_new_one()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var process = new MemoryProcess
        {
            Fails = (_, _) =>
            {
                if (
                    stage
                        .Cluster.Changes.LastOrDefault()
                        ?.StartsWith("journal: StepBegun hand over", StringComparison.Ordinal) == true
                )
                    stage.Cluster.Change("crash", () => stage.Cluster.Crash("bot-green-1-2"));
                return null;
            },
        };
        await stage.DeployAsync("3", process);
        stage.Cluster.RanTwice.ShouldBeFalse();
    }

    [Test]
    public async Task What_a_failed_deploy_could_not_undo_is_undone_by_the_next_command_and_stays_failed_in_the_history()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.Exits;
        var removals = 0;
        using var process = new MemoryProcess
        {
            Fails = (_, name) =>
                name == "remove blue" && ++removals == 2
                    ? new StepFailedException("the engine does not answer", [])
                    : null,
        };
        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(3);
        stage.Cluster.Of(Slot.Blue).ShouldNotBeEmpty();
        (await stage.RecoverAsync()).ShouldNotBeNull();
        stage.Cluster.Of(Slot.Blue).ShouldBeEmpty();
        stage.Cluster.Journal.History.Last().Outcome.ShouldBe(Outcome.Failed);
        (await stage.RecoverAsync()).ShouldBeNull();
        DeployScenarios.Serves(stage, "2", Slot.Green);
    }

    [Test]
    public async Task A_commit_that_happened_although_it_failed_and_cannot_be_looked_up_is_taken_back_by_the_undo()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        var (commits, reads) = (0, 0);
        using var process = new MemoryProcess
        {
            Fails = (_, name) =>
                (name == "commit" && ++commits == 1) || (name == "read host" && commits == 1 && ++reads == 1)
                    ? new StepFailedException("connection lost", [])
                    : null,
            DoneWhenFailing = 1,
        };
        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(1);
        DeployScenarios.Serves(stage, "2", Slot.Green);
    }

    [Test]
    public async Task D20_A_full_disk_keeps_nobody_from_looking()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.FreeMegabytes = 10;
        (
            await stage.RunAsync(null, (deployer, interrupted) => deployer.ObserveAsync("store", interrupted))
        ).Current!.Release.Tag.ShouldBe("2");
    }

    [Test]
    public async Task D20_A_full_disk_keeps_nobody_from_rolling_back()
    {
        var stage = await DeployScenarios.UpgradedAsync(new DeployOptions { KeepWarm = true });
        stage.Cluster.FreeMegabytes = 10;
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
    }
}
