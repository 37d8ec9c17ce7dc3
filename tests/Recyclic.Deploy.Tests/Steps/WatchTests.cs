namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class WatchTests
{
    private static readonly Watch Step = new(Slot.Blue, TimeSpan.FromSeconds(2.5));

    [Test]
    public void It_says_until_when() =>
        Step.Describe().ShouldBe("watch blue until it has been up 2.5 s and is healthy");

    [Test]
    public async Task D28_A_slot_without_containers_does_not_pass_the_watch()
    {
        await using var rig = new StepRig();
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "there is no container to watch"
        );
    }

    [Test]
    public async Task An_edge_that_stopped_meanwhile_is_started_again_and_that_is_told()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new AwaitHealthy(Slot.Blue, ["api", "web"], TimeSpan.FromSeconds(5)));
        rig.Cluster.Edge = rig.Cluster.Edge with { IsRunning = false };
        await rig.RunAsync(Step);
        rig.Cluster.Edge.IsRunning.ShouldBeTrue();
        rig.Warnings.ShouldBe([
            "warning: the edge did not run any more: it is started again; requests failed until now",
        ]);
    }
}
