using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Two releases at a time, on a host that is small.</summary>
[CancelAfter(60_000)]
internal sealed class SmallHostScenarios
{
    private const long Mb = 1L << 20;

    [Test]
    public async Task A_deploy_that_does_not_fit_is_refused_before_anything_is_touched()
    {
        var stage = await ServingAsync(free: 200);
        var changes = stage.Cluster.Changes.Count(IsWork);

        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("3"));

        refused.Message.ShouldContain("3 needs about 300 MB beside what runs, and 200 MB of 1000 MB are free");
        stage.Cluster.Changes.Count(IsWork).ShouldBe(changes);
        stage.ShouldBeSettledOn("2");
        await Should.ThrowAsync<ConfigurationException>(() => stage.PlanAsync("3"));
    }

    [Test]
    public async Task Who_says_so_deploys_all_the_same_and_the_plan_says_the_figures()
    {
        var stage = await ServingAsync(free: 200);
        stage.Options = stage.Options with { AllowLowMemory = true };
        (await stage.PlanAsync("3")).Notes.ShouldContain(
            "memory: about 300 MB more for a while, 200 MB free; disk: 10000 MB free (api 300 MB, as now); the kernel may kill what it likes"
        );
        (await stage.DeployAsync("3")).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("3");
    }

    [Test]
    public async Task One_that_fits_says_its_figures_in_one_line()
    {
        var stage = await ServingAsync(free: 400);
        var outcome = await stage.DeployAsync("3");
        outcome.ExitCode.ShouldBe(0);
        outcome
            .Plan.Notes.Single(note => note.StartsWith("memory", StringComparison.Ordinal))
            .ShouldBe("memory: about 300 MB more for a while, 400 MB free; disk: 10000 MB free (api 300 MB, as now)");
    }

    [Test]
    public async Task Figures_that_cannot_be_read_refuse_nothing()
    {
        var stage = await ServingAsync(free: 1);
        stage.Cluster.Memory = HostMemory.Unreadable;
        (await stage.DeployAsync("3")).Plan.Notes.ShouldContain(
            "memory: how much the host has free could not be read; disk: 10000 MB free"
        );
        stage.ShouldBeSettledOn("3");
    }

    [Test]
    public async Task Uses_that_cannot_be_read_leave_what_the_file_says()
    {
        var stage = await ServingAsync(free: 1);
        using var process = new MemoryProcess
        {
            Fails = (_, call) => call == "memory" ? new EngineException("it does not answer") : null,
        };
        (await stage.DeployAsync("3", process)).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("3");
    }

    [Test]
    public async Task A_way_back_is_never_refused()
    {
        var stage = await ServingAsync(free: 1);
        stage.Cluster.Containers.RemoveAll(container => container.Label(Naming.SlotLabel) == Slot.Blue.Name());
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.ShouldBeSettledOn("1");
    }

    private static async Task<Stage> ServingAsync(int free)
    {
        var stage = await DeployScenarios.UpgradedAsync();
        stage.Cluster.Memory = new HostMemory(1000 * Mb, free * Mb, 0, null);
        stage.Cluster.MemoryUses["api"] = 300 * Mb;
        return stage;
    }

    private static bool IsWork(string change) => change != "time passes";
}
