namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class RemoveAccessoriesTests
{
    [Test]
    public void It_says_which() =>
        new RemoveAccessories(["db", "cache"]).Describe().ShouldBe("remove accessories db, cache");

    [Test]
    public async Task They_are_gone_afterwards()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new StartAccessories(["db"]), new RemoveAccessories(["db"]));
        rig.Cluster.Accessories.ShouldBeEmpty();
    }
}
