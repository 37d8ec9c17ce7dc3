namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class SetRestartsTests
{
    [Test]
    public void It_says_which_and_which_not() =>
        new SetRestarts(Slot.Blue).Describe().ShouldBe("let blue restart by itself, green not");

    [Test]
    public async Task One_slot_has_its_policies_the_other_has_none()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(
            new StartRelease(Slot.Green, StepRig.One),
            new SetRestarts(Slot.Green),
            new SetRestarts(Slot.Blue)
        );
        rig.RestartingIn(Slot.Blue).ShouldBe(["api", "web", "bot"], ignoreOrder: true);
        rig.RestartingIn(Slot.Green).ShouldBeEmpty();
    }
}
