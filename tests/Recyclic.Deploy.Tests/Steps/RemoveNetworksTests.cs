namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class RemoveNetworksTests
{
    [Test]
    public void It_says_so() => new RemoveNetworks().Describe().ShouldBe("remove networks");

    [Test]
    public async Task They_are_gone_afterwards()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new ConnectNetworks([]), new RemoveNetworks());
        rig.Cluster.Networks.ShouldBeEmpty();
    }
}
