using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Something of the application is killed for want of memory while a new release starts beside the old.</summary>
[CancelAfter(60_000)]
internal sealed class OutOfMemoryScenarios
{
    [Test]
    public async Task A_kill_of_what_serves_undoes_the_deploy_and_is_named()
    {
        var stage = await StartingForeverAsync();
        var serving = stage.Cluster.Of(Slot.Green).First(container => container.Service == "api");
        using var process = new MemoryProcess { Fails = OnceAtTheGate(stage, serving) };

        var outcome = await stage.DeployAsync("3", process);

        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe($"{serving.Name} was killed for using too much memory");
        outcome
            .Failure.Evidence[0]
            .ShouldBe("it is of the release 2; it has no limit of its own: the host ran out of memory");
        outcome.Failure.Evidence.ShouldContain(line => line.Contains("says good-bye", StringComparison.Ordinal));
        ((StepFailedException)outcome.Failure.Cause).Next!.ShouldContain("--allow-low-memory");
        stage.ShouldBeSettledOn("2");
    }

    [Test]
    public async Task A_kill_of_an_accessory_undoes_the_deploy_and_says_its_limit()
    {
        var stage = await StartingForeverAsync();
        var database = stage.Cluster.Accessories[0] = stage.Cluster.Accessories[0] with { MemoryLimit = 64 << 20 };
        using var process = new MemoryProcess { Fails = OnceAtTheGate(stage, database) };

        var outcome = await stage.DeployAsync("3", process);

        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe($"{database.Name} was killed for using too much memory");
        outcome.Failure.Evidence[0].ShouldBe("it is an accessory, which all releases share; its own limit is 64 MB");
        stage.ShouldBeSettledOn("2");
    }

    [Test]
    public async Task A_kill_of_somebody_elses_container_is_no_affair_of_a_deploy()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        var other = stage.Cluster.Accessories[0] with { Id = "5e1f", Name = "another-api-1" };
        using var process = new MemoryProcess { Fails = OnceAtTheGate(stage, other) };

        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("3");
    }

    [Test]
    public async Task A_release_that_runs_out_of_memory_all_the_time_can_be_left()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        using var back = new MemoryProcess { Fails = OnceAtTheGate(stage, stage.Cluster.Of(Slot.Green).First()) };
        (await stage.RollbackAsync(process: back)).ExitCode.ShouldBe(0);

        stage.Options = stage.Options with { AllowLowMemory = true };
        using var on = new MemoryProcess { Fails = OnceAtTheGate(stage, stage.Cluster.Of(Slot.Blue).First()) };
        (await stage.DeployAsync("3", on)).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("3");
    }

    private static async Task<Stage> StartingForeverAsync()
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Fates["sha256:api-3"] = Fate.StaysStarting;
        stage.Options = stage.Options with { DeployTimeout = TimeSpan.FromSeconds(10) };
        return stage;
    }

    private static Func<int, string, Exception?> OnceAtTheGate(Stage stage, Container killed)
    {
        var done = 0;
        return (_, call) =>
        {
            if (call == "servers" && Interlocked.Exchange(ref done, 1) == 0)
                stage.Cluster.RunOutOfMemory(killed);
            return null;
        };
    }
}
