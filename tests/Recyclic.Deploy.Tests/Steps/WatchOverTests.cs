namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class WatchOverTests
{
    private static readonly WatchOver Step = new(Slot.Blue, TimeSpan.FromSeconds(30));

    [Test]
    public void It_says_for_how_long_and_by_what_it_is_judged() =>
        (Step with { Duration = TimeSpan.FromMinutes(30) })
            .Describe()
            .ShouldBe("watch blue for 30 min, judged against the last hour of green");

    [Test]
    public async Task It_lasts_as_long_as_was_asked_for_and_what_the_judge_said_last_is_kept()
    {
        await using var rig = await ReadyAsync();
        // Nothing can be told: users have the release already, so that holds nobody up.
        rig.Cluster.Verdict = _ => new(CanaryAnswer.Hold, "too few");
        var begun = rig.Time.GetUtcNow();
        await rig.RunAsync(Step);
        (rig.Time.GetUtcNow() - begun).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
        var record = rig.Cluster.Journal.Records.Last(record => record.Kind == JournalKind.Watch);
        (record.Reason, record.Trigger).ShouldBe(("too few", null));
    }

    [Test]
    public async Task A_container_that_turns_unhealthy_is_health_check_failure()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = stage =>
        {
            if (stage.Elapsed > TimeSpan.FromSeconds(3))
                rig.Cluster.Change(
                    "api fails",
                    () =>
                        rig.Cluster.Sicken(rig.Cluster.Of(Slot.Blue).First(container => container.Service == "api").Id)
                );
            return new(CanaryAnswer.Pass, "well");
        };
        var failure = await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step));
        failure.Message.ShouldStartWith("the watch found health_check_failure: store--blue-api-1");
        rig.Cluster.Journal.Records.Last(record => record.Kind == JournalKind.Watch)
            .Trigger.ShouldBe("health_check_failure");
    }

    [Test]
    public async Task Where_nothing_was_before_a_breach_moves_nobody_and_asks_for_a_person()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = _ => new(CanaryAnswer.Breach, "8% fail") { Trigger = "high_error_rate" };
        var failure = await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step));
        failure.Stays.ShouldBeTrue();
        failure.Message.ShouldBe(
            "the watch found high_error_rate: 8% fail; nobody is moved back without a person: there is no release before it"
        );
        rig.Cluster.Journal.Records.Last(record => record.Kind == JournalKind.Watch).Stays.ShouldBe(true);
    }

    private static async Task<StepRig> ReadyAsync()
    {
        var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(new AwaitHealthy(Slot.Blue, ["api", "web"], TimeSpan.FromSeconds(5)));
        return rig;
    }
}
