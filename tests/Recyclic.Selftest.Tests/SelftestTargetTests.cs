using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Selftest.Tests;

[CancelAfter(20_000)]
public sealed class SelftestTargetTests
{
    [Test]
    public async Task A_mistake_in_the_selection_is_refused_before_anything_is_made()
    {
        var run = await new BuildTester().RunAsync<OwnBuild>("Selftest", "--faults", "explode");
        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        (run.Output + run.Error).ShouldContain("'explode' is unknown");
    }

    [Test]
    public async Task A_fault_that_cannot_be_read_is_refused_by_every_target_of_a_deployment()
    {
        var run = await new BuildTester { Environment = { [Fault.Variable] = "kill" } }.RunAsync<OwnBuild>("Selftest");
        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        (run.Output + run.Error).ShouldContain("RECYCLIC_FAULT_AT: 'kill' is no fault");
    }

    [Test]
    public async Task A_dry_run_makes_nothing()
    {
        var run = await new BuildTester().RunAsync<OwnBuild>("Selftest", "--dry-run", "--quick");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        (run.Output + run.Error).ShouldContain("would strike deploys of a throw-away application in 8 scenarios");
    }

    [Test]
    public async Task A_fault_that_is_set_is_warned_of()
    {
        var run = await new BuildTester
        {
            Environment = { [Fault.Variable] = "kill@before:Commit:1" },
        }.RunAsync<OwnBuild>("Selftest", "--dry-run");
        (run.Output + run.Error).ShouldContain("will be struck on purpose by kill@before:Commit:1");
    }

    private sealed class OwnBuild : RecyclicBuild, ISelftest;
}
