using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// A routed service that must not run twice: never two at once, and after each failure the old one is back on its data.
/// </summary>
[CancelAfter(60_000)]
internal sealed class OneWriterScenarios
{
    private static readonly string[] Models = [Given.StopFirstModel, Given.AllStopFirstModel];

    [Test]
    public async Task In_an_upgrade_users_wait_and_nothing_else([ValueSource(nameof(Models))] string model)
    {
        var stage = await ServingAsync(model);
        var before = stage.Cluster.Seen.Count;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.Seen.Skip(before).ShouldBe(["wait", "2", "wait", "1"]);
        ShouldNeverHaveRunTwice(stage);
    }

    [Test]
    public async Task A_broken_release_brings_the_old_one_back(
        [ValueSource(nameof(Models))] string model,
        [Values(Fate.Exits, Fate.TurnsUnhealthy, Fate.SickensInService)] Fate fate
    )
    {
        var stage = await ServingAsync(model);
        stage.Cluster.Fates["sha256:web-2"] = fate;
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1, outcome.ToString());
        stage.Cluster.SeenNow().ShouldBe("1");
        stage.Cluster.Seen.Skip(1).ShouldNotContain("nothing");
        stage.Cluster.Seen.SkipWhile(seen => seen != "1").ShouldNotContain("gap");
        ShouldNeverHaveRunTwice(stage);
    }

    [Test]
    public async Task What_is_kept_warm_writes_nothing([ValueSource(nameof(Models))] string model)
    {
        var stage = await ServingAsync(model);
        stage.Options = new DeployOptions { KeepWarm = true };
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        stage
            .Cluster.Of(Slot.Blue)
            .Where(container => container.IsExclusive && (container.IsRunning || container.RestartsByItself))
            .ShouldBeEmpty();
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
        ShouldNeverHaveRunTwice(stage);
    }

    [TestCase(true), TestCase(false)]
    public async Task After_a_death_at_any_moment_the_next_command_puts_it_right(bool isUpgrade)
    {
        for (var call = 1; ; call++)
        {
            var stage = await ServingAsync(Given.AllStopFirstModel);
            if (!isUpgrade)
                await stage.DeployAsync("2");
            using var process = new MemoryProcess { DiesAfter = (number, _) => number == call };
            var died = await stage.DiesAsync(
                process,
                (deployer, request, interrupted) =>
                    isUpgrade
                        ? deployer.DeployAsync(request, interrupted)
                        : deployer.RollbackAsync(stage.App, request, interrupted),
                isUpgrade ? "2" : null
            );
            if (!died)
            {
                call.ShouldBeGreaterThan(20);
                break;
            }
            await stage.RecoverAsync();
            stage.Cluster.SeenNow().ShouldBe(stage.Cluster.Journal.Current!.Release.Tag, $"killed at call {call}");
            ShouldNeverHaveRunTwice(stage, $"killed at call {call}");
        }
    }

    [TestCase(true), TestCase(false)]
    public async Task An_engine_that_comes_back_at_any_moment_starts_one_of_them_at_most(bool isUpgrade)
    {
        for (var call = 1; ; call++)
        {
            var stage = await ServingAsync(
                Given.AllStopFirstModel.Replace(
                    "\"image\": \"team/",
                    "\"restart\": \"always\", \"image\": \"team/",
                    StringComparison.Ordinal
                )
            );
            if (!isUpgrade)
                await stage.DeployAsync("2");
            using var process = new MemoryProcess { DiesAfter = (number, _) => number == call };
            if (
                !await stage.DiesAsync(
                    process,
                    (deployer, request, interrupted) =>
                        isUpgrade
                            ? deployer.DeployAsync(request, interrupted)
                            : deployer.RollbackAsync(stage.App, request, interrupted),
                    isUpgrade ? "2" : null
                )
            )
                break;
            var back = stage
                .Cluster.Containers.Where(container =>
                    container.State != "created" && stage.Cluster.Restarts[container.Id] == "always"
                )
                .Select(container => container.Service)
                .ToList();
            back.ShouldBeUnique($"killed at call {call}");
        }
    }

    [Test]
    public async Task A_bot_that_is_broken_by_itself_does_not_keep_what_users_need_from_coming_back()
    {
        var stage = await ServingAsync(Given.AllStopFirstModel);
        stage.Cluster.Fates["sha256:bot-1"] = Fate.Exits;
        stage.Cluster.Fates["sha256:api-2"] = Fate.Exits;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(3);
        stage.Cluster.SeenNow().ShouldBe("1");
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("3");
        ShouldNeverHaveRunTwice(stage);
    }

    [Test]
    public async Task A_release_of_before_the_service_was_stop_first_is_stopped_first_and_brought_back_all_the_same()
    {
        var stage = await ServingAsync(Given.StoreModel);
        stage.Model = Given.StopFirstModel;
        stage.Cluster.Fates["sha256:web-2"] = Fate.Exits;
        (await stage.DeployAsync("2")).ExitCode.ShouldBe(1);
        stage.Cluster.SeenNow().ShouldBe("1");
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.SeenNow().ShouldBe("1");
        stage
            .Cluster.Changes.FindIndex(change =>
                change.StartsWith("stop", StringComparison.Ordinal)
                && change.Contains("web-blue", StringComparison.Ordinal)
            )
            .ShouldBeLessThan(
                stage.Cluster.Changes.FindIndex(change =>
                    change.StartsWith("start web-green", StringComparison.Ordinal)
                )
            );
    }

    private static async Task<Stage> ServingAsync(string model)
    {
        var stage = new Stage(model);
        stage.Cluster.RoutedServices.UnionWith(["api", "web"]);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        return stage;
    }

    private static void ShouldNeverHaveRunTwice(Stage stage, string? moment = null) =>
        stage.Cluster.RanTwice.ShouldBeFalse(moment);
}
