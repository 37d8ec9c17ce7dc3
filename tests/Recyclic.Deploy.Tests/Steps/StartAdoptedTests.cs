namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class StartAdoptedTests
{
    [Test]
    public async Task What_must_not_run_beside_them_stops_first()
    {
        await using var rig = new StepRig();
        rig.Cluster.RunUnderCompose(Given.Store);
        var bot = AdoptedContainer.Of(rig.Cluster.Accessories.Single(container => container.Service == "bot"));
        await rig.RunAsync(new StopAdopted([bot], Slot.Blue));
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new HandOver(["bot"], null, Slot.Blue, TimeSpan.FromSeconds(10)));
        rig.In(Slot.Blue).ShouldContain("bot running");
        var step = new StartAdopted([bot], Slot.Blue);
        step.Describe().ShouldBe("start store-bot-1 of plain compose again");
        await rig.RunAsync(step);
        rig.In(Slot.Blue).ShouldContain("bot exited");
        rig.Cluster.RanTwice.ShouldBeFalse();
        rig.Cluster.Accessories.Single(container => container.Service == "bot").IsRunning.ShouldBeTrue();
    }

    [Test]
    public async Task One_that_is_gone_is_a_failure_and_the_others_are_started()
    {
        await using var rig = new StepRig();
        rig.Cluster.RunUnderCompose(Given.Store);
        var bot = AdoptedContainer.Of(rig.Cluster.Accessories.Single(container => container.Service == "bot"));
        await rig.RunAsync(new StopAdopted([bot], Slot.Blue));
        var failed = await Should.ThrowAsync<StepFailedException>(() =>
            rig.RunAsync(new StartAdopted([bot, new("gone", "store-api-1", "api", "always", [])], Slot.Blue))
        );
        failed.Message.ShouldBe("store-api-1, which ran under plain compose, is not there any more");
        rig.Cluster.Accessories.Single(container => container.Service == "bot").IsRunning.ShouldBeTrue();
    }
}
