namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class StopAdoptedTests
{
    [Test]
    public async Task They_stop_stay_and_do_not_come_back_and_the_undo_starts_them_as_they_were()
    {
        await using var rig = new StepRig();
        rig.Cluster.RunUnderCompose(Given.Store);
        var bot = rig.Cluster.Accessories.Single(container => container.Service == "bot");
        var step = new StopAdopted([AdoptedContainer.Of(bot)], Slot.Blue);
        step.Describe().ShouldBe("stop store-bot-1 of plain compose (they stay)");
        await rig.RunAsync(step, step);
        rig.Cluster.Accessories.Single(container => container.Service == "bot")
            .ShouldBe(bot with { State = "exited", Restart = "no" });
        await rig.RunAsync([.. step.Undo(StepRig.Nothing, StepRig.Options)]);
        rig.Cluster.Accessories.Single(container => container.Service == "bot").ShouldBe(bot);
    }

    [Test]
    public async Task One_that_somebody_has_removed_is_no_hindrance()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new StopAdopted([new("gone", "store-bot-1", "bot", "always", [])], Slot.Blue));
    }
}
