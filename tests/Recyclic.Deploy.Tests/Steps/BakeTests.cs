namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class BakeTests
{
    private static readonly Bake Step = new(Slot.Green, 5, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    [Test]
    public void It_says_what_is_judged_and_for_how_long() =>
        (Step with { Duration = TimeSpan.FromMinutes(5) })
            .Describe()
            .ShouldBe("bake 5% on green for 5 min, judged beside blue");

    [Test]
    public async Task It_lasts_as_long_as_was_asked_for_though_all_is_well()
    {
        await using var rig = await ReadyAsync();
        var begun = rig.Time.GetUtcNow();
        await rig.RunAsync(Step);
        (rig.Time.GetUtcNow() - begun).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
    }

    [Test]
    public async Task A_judge_that_cannot_tell_makes_it_longer_and_it_ends_when_he_can()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = stage =>
            stage.Elapsed < TimeSpan.FromSeconds(50)
                ? new(CanaryAnswer.Hold, "too few")
                : new(CanaryAnswer.Pass, "enough");
        var begun = rig.Time.GetUtcNow();
        await rig.RunAsync(Step);
        (rig.Time.GetUtcNow() - begun).ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(52));
        rig.Cluster.Journal.Records.Last(record => record.Kind == JournalKind.Canary).Reason.ShouldBe("enough");
    }

    [Test]
    public async Task One_that_never_can_tell_fails_it_at_the_limit()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = _ => new(CanaryAnswer.Hold, "too few");
        var failure = await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step));
        failure.Message.ShouldBe("the canary at 5% could not be judged in time (--hold-limit)");
        failure.Evidence.ShouldBe(["too few", "after 90 s at this share"]);
    }

    [Test]
    public async Task A_breach_fails_it_at_once()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = stage =>
            stage.Elapsed < TimeSpan.FromSeconds(3)
                ? new(CanaryAnswer.Pass, "well")
                : new(CanaryAnswer.Breach, "8% fail");
        var failure = await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step));
        failure.Message.ShouldBe("the canary at 5% is worse than the release beside it");
        failure.Evidence.ShouldBe(["8% fail", "after 3 s at this share"]);
    }

    [Test]
    public async Task A_container_that_dies_fails_it_whatever_the_judge_says()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = stage =>
        {
            if (stage.Elapsed > TimeSpan.FromSeconds(3))
                rig.Cluster.Change(
                    "api crashes",
                    () =>
                        rig.Cluster.Crash(rig.Cluster.Of(Slot.Green).First(container => container.Service == "api").Id)
                );
            return new(CanaryAnswer.Pass, "well");
        };
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "store--green-api-1 exited with code 137"
        );
    }

    [TestCase(CanaryWord.Promote)]
    [TestCase(CanaryWord.PromoteFully)]
    public async Task A_person_may_end_it_early(CanaryWord word)
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Verdict = _ => new(CanaryAnswer.Hold, "too few");
        rig.Cluster.Word = ("id", new CanaryOrder(word, "ann@laptop"));
        var begun = rig.Time.GetUtcNow();
        await rig.RunAsync(Step);
        (rig.Time.GetUtcNow() - begun).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        var record = rig.Cluster.Journal.Records.Last(record => record.Kind == JournalKind.Canary);
        (record.Word, record.By, record.Percent).ShouldBe((word, "ann@laptop", 5));
    }

    [Test]
    public async Task Promoted_fully_the_shares_that_follow_are_not_judged()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Word = ("id", new CanaryOrder(CanaryWord.PromoteFully, "ann@laptop"));
        await rig.RunAsync(Step);
        rig.Cluster.Verdict = _ => new(CanaryAnswer.Breach, "8% fail");
        await rig.RunAsync(Step with { Percent = 25 });
    }

    [Test]
    public async Task Held_by_a_person_it_waits_though_all_is_well_until_the_limit()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Word = ("id", new CanaryOrder(CanaryWord.Hold, "ann@laptop"));
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "the canary at 5% was held by a person, and nobody has said how it goes on"
        );
    }

    [Test]
    public async Task Aborted_it_fails_and_says_by_whom()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Word = ("id", new CanaryOrder(CanaryWord.Abort, "ann@laptop"));
        (await Should.ThrowAsync<StepFailedException>(() => rig.RunAsync(Step))).Message.ShouldBe(
            "the canary at 5% was aborted by ann@laptop"
        );
    }

    [Test]
    public async Task A_word_for_another_deploy_is_not_heard()
    {
        await using var rig = await ReadyAsync();
        rig.Cluster.Word = ("another", new CanaryOrder(CanaryWord.Abort, "ann@laptop"));
        await rig.RunAsync(Step);
    }

    private static async Task<StepRig> ReadyAsync()
    {
        var rig = new StepRig();
        await rig.StartAsync(Slot.Green);
        await rig.RunAsync(
            new AwaitHealthy(Slot.Green, ["api", "web"], TimeSpan.FromSeconds(5)),
            new ShiftShare(Slot.Green, 5)
        );
        return rig;
    }
}
