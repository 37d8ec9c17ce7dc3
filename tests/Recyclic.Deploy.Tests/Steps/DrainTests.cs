namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class DrainTests
{
    private static readonly Drain Step = new(Slot.Blue, TimeSpan.FromSeconds(2));

    [Test]
    public void It_says_how_long_at_most()
    {
        Step.Describe().ShouldBe("drain blue (at most 2 s)");
        (Step with { Deadline = TimeSpan.FromMinutes(2) }).Describe().ShouldBe("drain blue (at most 2 min)");
    }

    [Test]
    public async Task What_is_open_at_the_deadline_is_told()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        rig.Cluster.OpenSessions = 3;
        await rig.RunAsync(Step);
        rig.Warnings.ShouldBe([
            "warning: 3 sessions of blue were still open after 2 s and will be cut (--drain-timeout)",
        ]);
        rig.Reporter.Lines.ShouldContain("progress: 3 open");
    }

    [Test]
    public async Task Without_an_edge_nothing_is_open()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(Step);
        rig.Warnings.ShouldBeEmpty();
    }

    [Test]
    public async Task The_fresh_slot_is_looked_after_meanwhile_but_not_when_it_is_the_one_that_drains()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(new AwaitHealthy(Slot.Green, ["api", "web"], TimeSpan.FromSeconds(5)));
        rig.Cluster.OpenSessions = 3;
        rig.Cluster.Change(
            "api crashes",
            () => rig.Cluster.Crash(rig.Cluster.Of(Slot.Green).First(container => container.Service == "api").Id)
        );
        await rig.RunAsync(Step with { Slot = Slot.Green });
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "store--green-api-1 exited with code 137"
        );
    }
}
