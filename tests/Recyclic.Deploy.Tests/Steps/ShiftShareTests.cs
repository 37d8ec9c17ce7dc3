namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ShiftShareTests
{
    [Test]
    public void It_says_how_many_go_where() =>
        new ShiftShare(Slot.Green, 5).Describe().ShouldBe("shift 5% of the visitors to green");

    [TestCase(Slot.Green, 5)]
    [TestCase(Slot.Blue, 95)]
    public async Task The_edge_has_the_share_as_it_counts_it(Slot slot, int share)
    {
        await using var rig = new StepRig();
        await rig.StartAsync(slot);
        await rig.RunAsync(new ShiftShare(slot, 5));
        (rig.Cluster.Share, rig.Cluster.FileShare).ShouldBe((share, share));
    }

    [Test]
    public void All_go_back_and_what_they_had_begun_is_drained() =>
        new ShiftShare(Slot.Green, 5)
            .Undo(StepRig.BlueServes, StepRig.Options)
            .ShouldBe([new CutOver(Slot.Blue), new Drain(Slot.Green, StepRig.Options.DrainTimeout)]);

    [Test]
    public async Task A_slot_that_passed_no_gate_gets_its_policies_before_anybody_gets_it()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(new ShiftShare(Slot.Green, 5));
        rig.RestartingIn(Slot.Green).ShouldBe(["api", "web"], ignoreOrder: true);
        rig.Cluster.Changes.LastIndexOf("set restarts").ShouldBeInRange(0, rig.Cluster.Changes.IndexOf("share 5") - 1);
    }
}
