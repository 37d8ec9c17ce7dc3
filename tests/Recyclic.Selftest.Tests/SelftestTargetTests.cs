using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Processes;

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

    [TestCase("kill")]
    [TestCase("kill@before:Commit:1")]
    public async Task A_fault_that_a_stranger_has_set_strikes_nothing(string fault)
    {
        var run = await new BuildTester
        {
            Environment = { [Fault.Variable] = fault, [FaultPass.Variable] = "/etc/hostname" },
        }.RunAsync<OwnBuild>("Selftest", "--dry-run");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        (run.Output + run.Error).ShouldContain(
            "RECYCLIC_FAULT_AT is set, and is not obeyed: only Selftest strikes commands"
        );
        (run.Output + run.Error).ShouldNotContain("struck");
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
        var folder = PrivateFiles.CreateFolder("fault-test-");
        var tester = new BuildTester();
        foreach (var (name, value) in FaultPass.Grant(folder.FullName, Fault.Parse("kill@before:Commit:1")!))
            tester.Environment[name] = value;
        var run = await tester.RunAsync<OwnBuild>("Selftest", "--dry-run");
        folder.Delete(recursive: true);
        (run.Output + run.Error).ShouldContain("will be struck on purpose by kill@before:Commit:1");
    }

    private sealed class OwnBuild : RecyclicBuild, ISelftest;
}
