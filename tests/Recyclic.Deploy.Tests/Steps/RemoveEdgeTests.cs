namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class RemoveEdgeTests
{
    [Test]
    public void It_says_so() => new RemoveEdge().Describe().ShouldBe("remove edge");

    [Test]
    public async Task It_is_gone_afterwards()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new RemoveEdge());
        rig.Cluster.Edge.Exists.ShouldBeFalse();
    }
}
