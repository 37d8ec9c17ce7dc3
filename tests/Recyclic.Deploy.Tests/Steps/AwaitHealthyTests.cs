namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class AwaitHealthyTests
{
    private static readonly AwaitHealthy Gate = new(Slot.Green, ["api", "web"], TimeSpan.FromSeconds(5));

    [Test]
    public void It_says_whom_it_waits_for_and_how_long()
    {
        Gate.Describe().ShouldBe("gate: api, web in green healthy (in 5 s)");
        (Gate with { Deadline = TimeSpan.FromSeconds(150) })
            .Describe()
            .ShouldBe("gate: api, web in green healthy (in 2.5 min)");
    }

    [Test]
    public void What_ran_before_without_traffic_does_not_restart_by_itself_any_more()
    {
        (Gate with { RunAlready = true })
            .Undo(StepRig.BlueServes, StepRig.Options)
            .ShouldBe([new SetRestarts(Slot.Blue)]);
        Gate.Undo(StepRig.BlueServes, StepRig.Options).ShouldBeEmpty();
        (Gate with { RunAlready = true }).Undo(StepRig.Nothing, StepRig.Options).ShouldBeEmpty();
    }

    [Test]
    public async Task What_passes_restarts_by_itself_from_then_on()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        rig.RestartingIn(Slot.Green).ShouldBeEmpty();
        await rig.RunAsync(Gate);
        rig.RestartingIn(Slot.Green).ShouldBe(["api", "web"], ignoreOrder: true);
    }

    [Test]
    public async Task A_service_without_a_container_does_not_pass()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Gate))).Message.ShouldBe(
            "api has no container in green"
        );
    }

    [Test]
    public async Task D21_Nothing_goes_on_asking_the_edge_after_the_gate_has_failed()
    {
        var time = new MemoryClock();
        await using var rig = new StepRig(time: time);
        await rig.StartAsync(Slot.Blue);
        rig.Cluster.Containers.AddRange(Given.Containers(Given.Store, Slot.Green, StepRig.One, "exited"));
        await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Gate));
        time.Waiting.ShouldBe(0, "a poll of the edge is still waiting for its next turn");
    }
}
