namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class ResumeReleaseTests
{
    [Test]
    public void It_says_what_and_where() =>
        new ResumeRelease(Slot.Green, StepRig.One).Describe().ShouldBe("start green again with 1");

    [Test]
    public void It_is_drained_and_stopped_again() =>
        new ResumeRelease(Slot.Green, StepRig.One)
            .Undo(StepRig.BlueServes, new DeployOptions { DrainTimeout = TimeSpan.FromSeconds(7) })
            .ShouldBe([new Drain(Slot.Green, TimeSpan.FromSeconds(7)), new StopRelease(Slot.Green)]);

    [Test]
    public async Task What_was_stopped_runs_again_but_for_exclusive_services()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(new StopRelease(Slot.Green), new ResumeRelease(Slot.Green, StepRig.One));
        rig.In(Slot.Green).ShouldBe(["api running", "web running", "bot created"], ignoreOrder: true);
    }
}
