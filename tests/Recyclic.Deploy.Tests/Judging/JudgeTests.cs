using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

internal sealed class JudgeTests
{
    private static readonly TimeSpan Five = TimeSpan.FromSeconds(5);
    private static readonly CanaryStep First = new(1, 5, TimeSpan.FromMinutes(1));
    private static readonly JudgingPolicy Policy = new();
    private static readonly Vitals Well = new(0, 0, 0, 0.4);

    [Test]
    public void A_good_canary_passes_when_it_has_baked_and_not_before()
    {
        var judged = Watch(Policy, First, 12, at => Sample(at, canary: 100, serving: 1900));
        judged[10].Verdict.ShouldBe(Verdict.Inconclusive);
        judged[10].Reasons.ShouldBe([new Reason(Trigger.Baking, "it has been watched for 50 s of 60 s")]);
        judged[12].Verdict.ShouldBe(Verdict.Pass);
        judged[12].Reasons.ShouldBeEmpty();
    }

    [Test]
    public void One_request_a_minute_is_held_and_says_why_and_is_not_held_for_ever()
    {
        var judged = Watch(
            Policy with
            {
                HoldAtMost = TimeSpan.FromMinutes(30),
            },
            First,
            400,
            at => (at - Given.Noon).TotalSeconds % 60 == 5 ? Sample(at, canary: 1, serving: 19) : Sample(at, 0, 0)
        );
        judged.ShouldNotContain(judgement => judgement.Verdict == Verdict.Pass);
        judged[50].Verdict.ShouldBe(Verdict.Inconclusive);
        judged[50].Reasons[0].Trigger.ShouldBe(Trigger.TooFew);
        judged[50].Reasons[0].Text.ShouldBe("the canary had 5 of the 300 requests in this step that it takes");
        // The bake time, and half an hour.
        judged[371].Verdict.ShouldBe(Verdict.Inconclusive);
        judged[372].Verdict.ShouldBe(Verdict.Breach);
        judged[372]
            .Reasons[0]
            .ShouldBe(
                new Reason(
                    Trigger.HeldTooLong,
                    "it was held for 30 min: the canary had 31 of the 300 requests in this step that it takes"
                )
            );
    }

    [Test]
    public void A_worse_canary_breaches_and_stays_so_when_it_gets_better()
    {
        var judged = Watch(
            Policy,
            First,
            20,
            at => Sample(at, canary: 100, serving: 1900, errors: at < Given.Noon + 6 * Five ? 8 : 0)
        );
        var breach = judged.First(judgement => judgement.Verdict == Verdict.Breach);
        breach.Reasons[0].Trigger.ShouldBe(Trigger.MoreErrors);
        breach
            .Reasons[0]
            .Text.ShouldBe(
                "the canary failed 24 of 300 requests (8 %), what serves 0 of 5,700 requests (0 %) at the same time"
            );
        judged[^1].Verdict.ShouldBe(Verdict.Breach);
    }

    [Test]
    public void A_better_canary_is_never_aborted() =>
        Watch(
                Policy with
                {
                    HighErrorRate = null,
                },
                First,
                500,
                at => Sample(at, canary: 100, serving: 1900, errors: 1, servingErrors: 400)
            )
            .ShouldNotContain(judgement => judgement.Verdict == Verdict.Breach);

    [Test]
    public void One_burst_is_not_enough_whatever_its_size() =>
        Watch(
                Policy,
                First,
                40,
                at => Sample(at, canary: 100, serving: 1900, errors: at == Given.Noon + 6 * Five ? 100 : 0)
            )
            .ShouldNotContain(judgement => judgement.Verdict == Verdict.Breach);

    [Test]
    public void A_canary_that_turns_bad_late_is_found()
    {
        var turns = Given.Noon + 500 * Five;
        var judged = Watch(
            Policy,
            First,
            520,
            at => Sample(at, canary: 100, serving: 1900, errors: at >= turns ? 8 : 0, servingErrors: 2)
        );
        judged.First(judgement => judgement.Verdict == Verdict.Breach).At.ShouldBeLessThan(turns + 12 * Five);
    }

    [Test]
    public void What_fails_on_a_small_route_alone_is_found() =>
        Watch(
                Policy with
                {
                    Routes = ["api-8000", "shop-80"],
                    HighErrorRate = null,
                },
                First,
                40,
                at =>
                    Sample(at, canary: 1000, serving: 19000, errors: 10, servingErrors: 190) is var all
                        ? all with
                        {
                            Routes = [all.Routes[0], new RouteCounts("shop-80", Side(38, 0), Side(2, 2))],
                        }
                        : all
            )
            .First(judgement => judgement.Verdict == Verdict.Breach)
            .Reasons[0]
            .Text.ShouldContain("on shop-80");

    [TestCase(0, Verdict.Pass)]
    [TestCase(400, Verdict.Breach)]
    public void A_slower_canary_is_told_from_one_that_is_not(int more, Verdict expected)
    {
        var judged = Watch(
            Policy,
            First,
            20,
            at =>
                Sample(at, canary: 100, serving: 1900) with
                {
                    Routes =
                    [
                        new RouteCounts(
                            "api-8000",
                            Side(1900, 0) with
                            {
                                Latency = Latencies.Of(Enumerable.Range(0, 1900).Select(Time)),
                            },
                            Side(100, 0) with
                            {
                                // Only what is slow anyway is slower: neither mean nor median show it.
                                Latency = Latencies.Of(
                                    Enumerable.Range(0, 100).Select(i => Time(i) + (i % 10 == 9 ? more : 0))
                                ),
                            }
                        ),
                    ],
                }
        );
        judged[^1].Verdict.ShouldBe(expected);
        if (more > 0)
            judged[^1].Reasons[0].Trigger.ShouldBe(Trigger.Slower);

        static long Time(int i) => 20 + i % 10 * 10;
    }

    [Test]
    public void More_than_a_second_for_more_than_one_in_twenty_is_over_the_limit_also_where_what_serves_is_no_better()
    {
        var slow = Latencies.Of(Enumerable.Range(0, 100).Select(i => i < 85 ? 40L : 1500L));
        var judged = Watch(
            Policy,
            First,
            60,
            at =>
                Sample(at, canary: 100, serving: 100) with
                {
                    Routes = [new RouteCounts("api-8000", Side(100, 0, slow), Side(100, 0, slow))],
                }
        );
        judged[^1].Verdict.ShouldBe(Verdict.Breach);
        judged[^1].Reasons[0].Trigger.ShouldBe(Trigger.HighResponseTime);
    }

    [Test]
    public void Errors_over_the_limit_are_found_also_where_what_serves_has_as_many()
    {
        var judged = Watch(
            Policy,
            First,
            60,
            at => Sample(at, canary: 100, serving: 1900, errors: 10, servingErrors: 190)
        );
        judged[^1].Reasons[0].Trigger.ShouldBe(Trigger.HighErrorRate);
        judged[^1].Reasons[0].Text.ShouldContain("(10 %); 5 % are allowed");
    }

    [Test]
    public void A_canary_that_nobody_comes_back_to_has_lost_its_requests()
    {
        var judged = Watch(
            Policy,
            First with
            {
                Share = 50,
            },
            60,
            at => Sample(at, canary: at < Given.Noon + 3 * Five ? 1000 : 100, serving: 1000)
        );
        judged[^1].Reasons.Select(reason => reason.Trigger).ShouldBe([Trigger.RequestsDown]);
    }

    [Test]
    public void At_a_hundred_percent_there_is_nothing_to_compare_with_and_the_limits_decide()
    {
        var all = First with { Share = 100 };
        Watch(Policy, all, 14, at => Sample(at, canary: 2000, serving: 0))[^1].Verdict.ShouldBe(Verdict.Pass);
        Watch(Policy, all, 14, at => Sample(at, canary: 2000, serving: 0, errors: 200))[^1]
            .Reasons[0]
            .Trigger.ShouldBe(Trigger.HighErrorRate);
    }

    [Test]
    public void A_step_begins_with_samples_of_its_own()
    {
        var first = Watch(Policy, First, 14, at => Sample(at, canary: 100, serving: 1900))[^1];
        first.Verdict.ShouldBe(Verdict.Pass);
        var second = Judge.Look(
            Policy,
            first.After,
            new CanaryStep(2, 25, TimeSpan.Zero),
            [Sample(first.At, canary: 100, serving: 300)],
            null,
            first.At + Five
        );
        second.Verdict.ShouldBe(Verdict.Inconclusive);
        second.Reasons[0].Text.ShouldBe("the canary had 100 of the 300 requests in this step that it takes");
    }

    [TestCase(1, 0, 0, 0.4, Trigger.HealthCheckFailure)]
    [TestCase(0, 1, 0, 0.4, Trigger.Restarts)]
    [TestCase(0, 0, 1, 0.4, Trigger.OutOfMemory)]
    [TestCase(0, 0, 0, 0.81, Trigger.HighMemory)]
    public void Containers_that_fail_are_a_reason(
        int unhealthy,
        int restarts,
        int killed,
        double memory,
        Trigger expected
    ) =>
        Watch(
            Policy,
            First,
            5,
            at =>
                Sample(at, canary: 100, serving: 1900) with
                {
                    Vitals = new Vitals(unhealthy, restarts, killed, memory),
                }
        )[^1]
            .Reasons.Select(reason => reason.Trigger)
            .ShouldBe([expected]);

    [Test]
    public void A_health_check_that_fails_once_in_a_while_and_memory_that_is_full_for_a_moment_are_none() =>
        Watch(
            Policy,
            First,
            60,
            at =>
                Sample(at, canary: 100, serving: 1900) with
                {
                    Vitals =
                        (at - Given.Noon).TotalSeconds % 50 == 0 ? Well with { Unhealthy = 1, Memory = 0.95 } : Well,
                }
        )[^1]
            .Verdict.ShouldBe(Verdict.Pass);

    [Test]
    public void Where_nobody_knows_how_its_containers_are_it_is_held() =>
        Watch(Policy, First, 20, at => Sample(at, canary: 100, serving: 1900) with { Vitals = null })[^1]
            .Reasons.ShouldBe([new Reason(Trigger.Silent, "nothing is known of the canary's containers")]);

    [Test]
    public void Unless_nobody_asks() =>
        Watch(
            Policy with
            {
                HighMemory = null,
                Unhealthy = null,
                Restarts = null,
                OutOfMemory = null,
            },
            First,
            20,
            at => Sample(at, canary: 100, serving: 1900) with { Vitals = null }
        )[^1]
            .Verdict.ShouldBe(Verdict.Pass);

    [Test]
    public void A_policy_that_cannot_be_meant_says_so()
    {
        new JudgingPolicy().Mistakes().ShouldBeEmpty();
        (Policy with { FalseAborts = 0 }).Mistakes().ShouldHaveSingleItem();
        (Policy with { FalseAborts = double.NaN }).Mistakes().ShouldHaveSingleItem();
        (Policy with { Quantiles = [1] }).Mistakes().ShouldHaveSingleItem();
        (Policy with { HighErrorRate = new RateLimit(5, 100) }).Mistakes().ShouldHaveSingleItem();
        (Policy with { HighResponseTime = new TimeLimit(TimeSpan.FromHours(1), 1) }).Mistakes().ShouldHaveSingleItem();
        (Policy with { HoldAtMost = TimeSpan.Zero }).Mistakes().ShouldHaveSingleItem();
    }

    /// <summary>A look at noon, and one after each interval of five seconds.</summary>
    internal static List<Judgement> Watch(
        JudgingPolicy policy,
        CanaryStep step,
        int intervals,
        Func<DateTimeOffset, Interval> sample
    )
    {
        List<Judgement> all = [Judge.Look(policy, Evidences.None, step, [], null, Given.Noon)];
        for (var at = Given.Noon; all.Count <= intervals; at += Five)
            all.Add(Judge.Look(policy, all[^1].After, step, [sample(at)], null, at + Five));
        return all;
    }

    internal static Interval Sample(
        DateTimeOffset at,
        long canary,
        long serving,
        long errors = 0,
        long servingErrors = 0
    ) =>
        new(at, at + Five, [new RouteCounts("api-8000", Side(serving, servingErrors), Side(canary, errors))])
        {
            Vitals = Well,
        };

    private static SideCounts Side(long requests, long errors, Latencies? latency = null) =>
        new(
            requests,
            errors,
            latency
                ?? Latencies.OfCounts([
                    (Latencies.BucketOf(20), requests - errors - (requests - errors) / 10),
                    (Latencies.BucketOf(200), (requests - errors) / 10),
                ])
        );
}
