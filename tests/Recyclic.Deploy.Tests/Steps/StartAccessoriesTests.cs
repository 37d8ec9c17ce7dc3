namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class StartAccessoriesTests
{
    [Test]
    public void It_says_which() =>
        new StartAccessories(["db", "cache"]).Describe().ShouldBe("start accessories db, cache");

    [Test]
    public void The_first_deploy_takes_them_back_a_later_one_leaves_them()
    {
        var step = new StartAccessories(["db"]);
        step.Undo(StepRig.Nothing, StepRig.Options).ShouldHaveSingleItem().Describe().ShouldBe("remove accessories db");
        step.Undo(StepRig.BlueServes, StepRig.Options).ShouldBeEmpty();
    }

    [Test]
    public async Task They_are_there_afterwards_and_once_only()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new StartAccessories(["db"]), new StartAccessories(["db"]));
        rig.Cluster.Accessories.ShouldHaveSingleItem().Service.ShouldBe("db");
    }
}
