namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class StopReleaseTests
{
    [Test]
    public void It_says_what_stays() =>
        new StopRelease(Slot.Blue).Describe().ShouldBe("stop blue (its containers stay)");

    [Test]
    public async Task It_loses_its_policies_and_then_stops()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new SetRestarts(Slot.Blue));
        rig.Cluster.Changes.Clear();
        await rig.RunAsync(new StopRelease(Slot.Blue));
        rig.In(Slot.Blue).ShouldBe(["api exited", "web exited", "bot created"], ignoreOrder: true);
        rig.RestartingIn(Slot.Blue).ShouldBeEmpty();
        rig.Cluster.Changes.LastIndexOf("set restarts")
            .ShouldBeLessThan(
                rig.Cluster.Changes.FindIndex(change => change.StartsWith("stop ", StringComparison.Ordinal))
            );
    }
}
