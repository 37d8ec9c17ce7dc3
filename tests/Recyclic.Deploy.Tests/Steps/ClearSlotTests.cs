namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ClearSlotTests
{
    [Test]
    public void It_says_what_was_in_it_where_that_is_known()
    {
        new ClearSlot(Slot.Green, "1.4.1").Describe().ShouldBe("clear green (held 1.4.1)");
        new ClearSlot(Slot.Green, null).Describe().ShouldBe("clear green");
    }

    [Test]
    public async Task Its_containers_are_gone_and_those_of_the_other_slot_are_not()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new StartRelease(Slot.Green, StepRig.One), new ClearSlot(Slot.Green, "1"));
        rig.In(Slot.Green).ShouldBeEmpty();
        rig.In(Slot.Blue).ShouldNotBeEmpty();
    }
}
