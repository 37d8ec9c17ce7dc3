namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class CutOverTests
{
    [Test]
    public void It_says_where_to() => new CutOver(Slot.Green).Describe().ShouldBe("cut over: all traffic to green");

    [Test]
    public void It_and_the_steps_of_a_canary_alone_move_users() =>
        typeof(DeployStep)
            .Assembly.GetTypes()
            .Where(type =>
                type.IsSubclassOf(typeof(DeployStep))
                && type.GetProperty(nameof(DeployStep.MovesUsers))!.DeclaringType == type
            )
            .ShouldBe([typeof(CutOver), typeof(ShiftShare)], ignoreOrder: true);

    [Test]
    public void Users_go_back_to_the_slot_that_they_had()
    {
        new CutOver(Slot.Green).MovesUsers.ShouldBeTrue();
        new CutOver(Slot.Green).Undo(StepRig.BlueServes, StepRig.Options).ShouldBe([new CutOver(Slot.Blue)]);
        new CutOver(Slot.Green).Undo(StepRig.Nothing, StepRig.Options).ShouldBeEmpty();
    }

    [Test]
    public async Task The_edge_has_the_share_and_the_time_since_the_last_one_was_healthy_is_known()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(new AwaitHealthy(Slot.Green, ["api", "web"], TimeSpan.FromSeconds(5)));
        rig.Executor.SwitchMs.ShouldBeNull();
        rig.Time.Advance(TimeSpan.FromMilliseconds(40));
        await rig.RunAsync(new CutOver(Slot.Green));
        rig.Cluster.Share.ShouldBe(100);
        rig.Executor.SwitchMs.ShouldBe(40);
    }

    [Test]
    public async Task A_cutover_after_the_first_does_not_change_the_time_that_users_were_switched_in()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(
            new AwaitHealthy(Slot.Green, ["api", "web"], TimeSpan.FromSeconds(5)),
            new CutOver(Slot.Green)
        );
        var first = rig.Executor.SwitchMs;
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.RunAsync(new CutOver(Slot.Blue));
        rig.Executor.SwitchMs.ShouldBe(first);
    }

    [Test]
    public async Task A_slot_that_passed_no_gate_gets_its_policies_before_users_get_it()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(new CutOver(Slot.Green));
        rig.RestartingIn(Slot.Green).ShouldBe(["api", "web"], ignoreOrder: true);
        rig.Cluster.Changes.LastIndexOf("set restarts")
            .ShouldBeInRange(0, rig.Cluster.Changes.IndexOf("share 100") - 1);
    }
}
