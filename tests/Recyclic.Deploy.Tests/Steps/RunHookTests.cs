using Recyclic.Deploy.Hooks;

namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What it does in a deploy is in the scenarios of hooks.</summary>
[CancelAfter(20_000)]
internal sealed class RunHookTests
{
    private static readonly RunHook Step = new(HookPoint.PreShift, "deploy/hooks/pre-shift", TimeSpan.FromMinutes(5));

    [Test]
    public void It_says_when_what_and_how_long() =>
        Step.Describe().ShouldBe("hook pre-shift: deploy/hooks/pre-shift (in 5 min)");

    [Test]
    public void It_says_that_a_failure_is_a_warning() =>
        (Step with { Point = HookPoint.PostShift, OnlyWarns = true })
            .Describe()
            .ShouldBe("hook post-shift: deploy/hooks/pre-shift (in 5 min; a failure is a warning)");

    [Test]
    public void Nothing_takes_it_back() => Step.Undo(StepRig.BlueServes, new DeployOptions()).ShouldBeEmpty();

    [Test]
    public async Task One_that_nobody_knows_fails()
    {
        await using var rig = new StepRig();
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "there is no hook deploy/hooks/pre-shift at pre-shift"
        );
    }
}
