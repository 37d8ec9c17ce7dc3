namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What it does on a host is in the scenarios of one-offs.</summary>
internal sealed class RunOneOffTests
{
    private static readonly RunOneOff Step = new(Slot.Green, StepRig.One, "migrate", TimeSpan.FromMinutes(10));

    [Test]
    public void It_says_what_and_where_and_how_long() =>
        Step.Describe().ShouldBe("run migrate once in green (in 10 min)");

    [Test]
    public void It_says_what_waits_for_it() =>
        (Step with { Before = ["api", "web"] })
            .Describe()
            .ShouldBe("run migrate once in green, before api, web (in 10 min)");

    [Test]
    public void What_it_began_is_removed_again() =>
        Step.Undo(StepRig.BlueServes, new DeployOptions()).ShouldBe([new RemoveRelease(Slot.Green)]);
}
