namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class StartReleaseTests
{
    [Test]
    public void It_says_what_and_where() =>
        new StartRelease(Slot.Green, StepRig.One).Describe().ShouldBe("start green with 1");

    [Test]
    public void It_is_drained_and_removed_again() =>
        new StartRelease(Slot.Green, StepRig.One)
            .Undo(StepRig.BlueServes, new DeployOptions { DrainTimeout = TimeSpan.FromSeconds(7) })
            .ShouldBe([new Drain(Slot.Green, TimeSpan.FromSeconds(7)), new RemoveRelease(Slot.Green)]);

    [Test]
    public async Task Exclusive_services_are_created_and_not_started()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        rig.In(Slot.Green).ShouldBe(["api running", "web running", "bot created"], ignoreOrder: true);
    }
}
