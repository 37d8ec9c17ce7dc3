namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ResumeEdgeTests
{
    [Test]
    public void It_says_so() => new ResumeEdge().Describe().ShouldBe("start the stopped edge");

    [Test]
    public async Task It_runs_afterwards()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        rig.Cluster.Edge = rig.Cluster.Edge with { IsRunning = false };
        await rig.RunAsync(new ResumeEdge());
        rig.Cluster.Edge.IsRunning.ShouldBeTrue();
    }
}
