namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class RemoveReleaseTests
{
    [Test]
    public void It_says_where() => new RemoveRelease(Slot.Green).Describe().ShouldBe("remove green");

    [Test]
    public async Task Its_containers_are_gone_and_those_of_the_other_slot_are_not()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new StartRelease(Slot.Green, StepRig.One), new RemoveRelease(Slot.Green));
        rig.In(Slot.Green).ShouldBeEmpty();
        rig.In(Slot.Blue).ShouldNotBeEmpty();
    }
}
