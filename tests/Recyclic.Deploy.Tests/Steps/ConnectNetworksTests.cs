namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ConnectNetworksTests
{
    [Test]
    public void It_says_what_is_connected()
    {
        new ConnectNetworks([]).Describe().ShouldBe("create networks");
        new ConnectNetworks(["db", "cache"]).Describe().ShouldBe("connect db, cache to both slots");
    }

    [Test]
    public void The_first_deploy_removes_them_again_a_later_one_leaves_them()
    {
        new ConnectNetworks([]).Undo(StepRig.Nothing, StepRig.Options).ShouldBe([new RemoveNetworks()]);
        new ConnectNetworks([]).Undo(StepRig.BlueServes, StepRig.Options).ShouldBeEmpty();
    }

    [Test]
    public async Task All_networks_are_there_afterwards_and_the_accessory_is_on_those_of_both_slots()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new StartAccessories(["db"]), new ConnectNetworks(["db"]));
        var naming = new Naming("store");
        rig.Cluster.Networks.ShouldBe(naming.Networks, ignoreOrder: true);
        var joined = rig.Cluster.Accessories.ShouldHaveSingleItem().Networks;
        joined.ShouldContain(naming.SlotNetwork(Slot.Blue));
        joined.ShouldContain(naming.SlotNetwork(Slot.Green));
    }
}
