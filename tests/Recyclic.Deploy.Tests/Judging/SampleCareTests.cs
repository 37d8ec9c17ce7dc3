using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>Metrics that are missing, late, doubled or impossible, and clocks that jump: held, and never counted twice.</summary>
internal sealed class SampleCareTests
{
    private static readonly TimeSpan Five = TimeSpan.FromSeconds(5);
    private static readonly CanaryStep Step = new(1, 5, TimeSpan.FromMinutes(1));
    private static readonly JudgingPolicy Policy = new();

    [Test]
    public void What_comes_twice_is_counted_once()
    {
        var first = Look(Evidences.None, Given.Noon + Five, Sample(Given.Noon), Sample(Given.Noon));
        first.After.CanaryRequests.ShouldBe(100);
        first.LeftOut.ShouldBe([new LeftOut(Given.Noon, SampleFault.Counted)]);
        var second = Look(first.After, Given.Noon + 2 * Five, Sample(Given.Noon), Sample(Given.Noon + Five));
        second.After.CanaryRequests.ShouldBe(200);
        second.LeftOut.ShouldBe([new LeftOut(Given.Noon, SampleFault.Counted)]);
    }

    [Test]
    public void What_overlaps_or_comes_behind_a_later_one_is_left_out()
    {
        var first = Look(Evidences.None, Given.Noon + 3 * Five, Sample(Given.Noon + 2 * Five));
        Look(first.After, Given.Noon + 4 * Five, Sample(Given.Noon), Sample(Given.Noon + 2.5 * Five))
            .LeftOut.Select(leftOut => leftOut.Fault)
            .ShouldBe([SampleFault.Counted, SampleFault.Counted]);
    }

    [Test]
    public void What_comes_in_the_wrong_order_is_put_in_order() =>
        Look(Evidences.None, Given.Noon + 2 * Five, Sample(Given.Noon + Five), Sample(Given.Noon))
            .After.CanaryRequests.ShouldBe(200);

    [Test]
    public void What_comes_from_the_future_is_left_out() =>
        Look(Evidences.None, Given.Noon, Sample(Given.Noon + TimeSpan.FromHours(1)))
            .LeftOut.ShouldBe([new LeftOut(Given.Noon + TimeSpan.FromHours(1), SampleFault.Future)]);

    [Test]
    public void What_takes_no_time_or_less_or_more_than_a_day_is_left_out()
    {
        var sample = Sample(Given.Noon);
        foreach (var until in new[] { sample.From, sample.From - Five, sample.From + TimeSpan.FromDays(2) })
            Look(Evidences.None, Given.Noon + TimeSpan.FromDays(3), sample with { Until = until })
                .LeftOut.ShouldBe([new LeftOut(Given.Noon, SampleFault.NoTime)]);
    }

    [TestCase(-1, 0, 0, 0)]
    [TestCase(10, -1, 0, 0)]
    [TestCase(10, 11, 0, 0)]
    [TestCase(long.MaxValue, 0, 0, 0)]
    [TestCase(10, 0, -1, 0)]
    [TestCase(10, 0, 0, double.NaN)]
    [TestCase(10, 0, 0, double.PositiveInfinity)]
    [TestCase(10, 0, 0, -0.1)]
    public void What_cannot_be_is_left_out_and_can_still_be_recorded(
        long requests,
        long errors,
        int restarts,
        double memory
    )
    {
        var spoilt = Sample(Given.Noon) with
        {
            Routes = [new RouteCounts("api-8000", new(requests, errors, Latencies.None), SideCounts.None)],
            Vitals = new Vitals(0, restarts, 0, memory),
        };
        var judged = Look(Evidences.None, Given.Noon + Five, spoilt);
        judged.LeftOut.ShouldBe([new LeftOut(Given.Noon, SampleFault.NoNumber)]);
        judged.After.Tests.ShouldAllBe(test => test.Intervals == 0);
        judged.Verdict.ShouldBe(Verdict.Inconclusive);
        Judgement.Parse(judged.ToJson()).ShouldNotBeNull();
    }

    [Test]
    public void A_source_that_says_why_it_is_silent_holds_at_once_and_is_quoted()
    {
        var good = JudgeTests.Watch(Policy, Step, 14, at => JudgeTests.Sample(at, 100, 1900))[^1];
        good.Verdict.ShouldBe(Verdict.Pass);
        var silent = Judge.Look(Policy, good.After, Step, [], "Prometheus did not answer", good.At + Five);
        silent.Verdict.ShouldBe(Verdict.Inconclusive);
        silent.Reasons.ShouldBe([new Reason(Trigger.Silent, "the metrics say nothing: Prometheus did not answer")]);
    }

    [Test]
    public void A_source_that_says_nothing_holds_after_a_while_also_where_it_had_said_enough()
    {
        var known = JudgeTests.Watch(Policy, Step, 14, at => JudgeTests.Sample(at, 100, 1900))[^1];
        for (var look = 1; look <= 6; look++)
        {
            known.Verdict.ShouldBe(Verdict.Pass);
            known = Judge.Look(Policy, known.After, Step, [], null, known.At + Five);
        }
        known.Reasons.ShouldBe([new Reason(Trigger.Silent, "the metrics have said nothing for 30 s")]);
    }

    [Test]
    public void So_does_one_that_sees_no_requests_at_all_any_more()
    {
        var known = JudgeTests.Watch(Policy, Step, 14, at => JudgeTests.Sample(at, 100, 1900))[^1];
        for (var look = 1; look <= 6; look++)
            known = Look(known.After, known.At + Five, JudgeTests.Sample(known.At, 0, 0));
        known.Reasons.Select(reason => reason.Trigger).ShouldBe([Trigger.Silent]);
    }

    [Test]
    public void A_clock_that_jumps_ahead_neither_bakes_nor_ends_the_time_of_holding()
    {
        var known = Look(Evidences.None, Given.Noon + Five, Sample(Given.Noon));
        var later = Given.Noon + TimeSpan.FromDays(1);
        var jumped = Look(known.After, later + Five, Sample(later));
        jumped.Verdict.ShouldBe(Verdict.Inconclusive);
        jumped.After.Watched.ShouldBe(Policy.SilentAfter);
    }

    [Test]
    public void A_clock_that_is_set_back_counts_on_with_what_is_new_for_certain()
    {
        var known = Look(Evidences.None, Given.Noon + Five, Sample(Given.Noon));
        var earlier = Given.Noon - TimeSpan.FromHours(2);
        // Half of it may have been counted before the clock was set.
        var back = Look(known.After, earlier, Sample(earlier - Five));
        back.After.CanaryRequests.ShouldBe(100);
        back.After.Watched.ShouldBe(TimeSpan.Zero);
        Look(back.After, earlier + Five, Sample(earlier)).After.CanaryRequests.ShouldBe(200);
    }

    [Test]
    public void A_deployer_that_comes_back_after_an_hour_goes_on_where_the_record_ends()
    {
        var known = JudgeTests.Watch(Policy, Step, 6, at => JudgeTests.Sample(at, 100, 1900))[^1];
        var read = Judgement.Parse(known.ToJson())!;
        var later = known.At + TimeSpan.FromHours(1);
        var judged = Look(read.After, later, Sample(later - Five));
        judged.After.CanaryRequests.ShouldBe(700);
        judged.After.Watched.ShouldBe(known.After.Watched + Policy.SilentAfter);
    }

    private static Judgement Look(Evidences known, DateTimeOffset now, params Interval[] intervals) =>
        Judge.Look(Policy, known, Step, intervals, null, now);

    private static Interval Sample(DateTimeOffset at) => JudgeTests.Sample(at, 100, 1900);
}
