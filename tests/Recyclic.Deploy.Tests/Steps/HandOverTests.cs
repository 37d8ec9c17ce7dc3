namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class HandOverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Test]
    public void It_says_where_it_stops_and_where_it_starts()
    {
        new HandOver(["bot"], Slot.Blue, Slot.Green, Patience)
            .Describe()
            .ShouldBe("hand over bot: stop in blue, start in green, healthy (in 5 s)");
        new HandOver(["bot"], null, Slot.Green, Patience).Describe().ShouldBe("start bot in green, healthy (in 5 s)");
    }

    [Test]
    public void It_is_handed_back_to_the_slot_that_serves([Values(null, Slot.Blue)] Slot? from)
    {
        var step = new HandOver(["bot"], from, Slot.Green, Patience);
        step.Undo(StepRig.BlueServes, StepRig.Options)
            .ShouldBe([new HandOver(["bot"], Slot.Green, Slot.Blue, Patience) { GoesOn = true }]);
        step.Undo(StepRig.Nothing, StepRig.Options).ShouldBeEmpty();
    }

    [Test]
    public async Task The_old_one_has_stopped_before_the_new_one_starts_and_the_policy_goes_with_it()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(
            new HandOver(["bot"], null, Slot.Blue, Patience),
            new StartRelease(Slot.Green, StepRig.One),
            new HandOver(["bot"], Slot.Blue, Slot.Green, Patience)
        );
        rig.In(Slot.Blue).ShouldContain("bot exited");
        rig.In(Slot.Green).ShouldContain("bot running");
        rig.Cluster.RanTwice.ShouldBeFalse();
        rig.RestartingIn(Slot.Blue).ShouldNotContain("bot");
        rig.RestartingIn(Slot.Green).ShouldContain("bot");
    }

    [Test]
    public async Task A_release_without_the_service_only_stops_it()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(
            new HandOver(["bot"], null, Slot.Blue, Patience),
            new HandOver(["bot"], Slot.Blue, Slot.Green, Patience)
        );
        rig.In(Slot.Blue).ShouldContain("bot exited");
    }
}
