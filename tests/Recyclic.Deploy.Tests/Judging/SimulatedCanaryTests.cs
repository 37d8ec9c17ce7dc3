using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>The error rates that docs/progressive-delivery.md promises. Seeds are fixed: a run is always the same.</summary>
[CancelAfter(300_000)]
internal sealed class SimulatedCanaryTests
{
    private static readonly JudgingPolicy Policy = new() { Routes = ["api-8000"] };

    [TestCase(0.001)]
    [TestCase(0.01)]
    [TestCase(0.04)]
    public void Of_two_thousand_canaries_of_equal_versions_one_in_a_hundred_at_most_is_aborted(double errors)
    {
        var equal = new Version(errors);
        Aborted(seed => CanaryRun.Of(new Simulated(seed, equal, equal), Policy, 1000, 30, latency: false))
            .ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Nor_are_more_of_them_for_their_latency_also_where_nothing_is_allowed_beyond_equal()
    {
        var equal = new Version(0.01);
        var strict = Policy with { SlowerBy = TimeSpan.Zero, SlowerByPart = 0 };
        Aborted(seed => CanaryRun.Of(new Simulated(seed, equal, equal), strict, 200, 12, latency: true))
            .ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Nor_where_what_both_need_fails_at_times()
    {
        var equal = new Version(0.005);
        var alike = Policy with { HighErrorRate = null };
        Aborted(seed =>
                CanaryRun.Of(
                    new Simulated(seed, equal, equal),
                    alike,
                    1000,
                    30,
                    latency: false,
                    worse: look => look % 20 == 7 ? 100 : 1
                )
            )
            .ShouldBeLessThanOrEqualTo(20);
    }

    /// <summary>The traffic is such that a test which is not made for it goes wrong, so the others prove something.</summary>
    [Test]
    public void A_test_for_one_look_would_abort_many_more_when_looked_at_all_the_time() =>
        Enumerable
            .Range(0, 2000)
            .Count(seed =>
            {
                var traffic = new Simulated(seed, new Version(0.01), new Version(0.01));
                var sum = (Bad: 0.0, All: 0.0, ServingBad: 0.0, Serving: 0.0);
                for (var look = 0; look < 120; look++)
                {
                    var route = traffic.Next(1000, 0.5).Routes[0];
                    sum = (
                        sum.Bad + route.Canary.Errors,
                        sum.All + route.Canary.Requests,
                        sum.ServingBad + route.Serving.Errors,
                        sum.Serving + route.Serving.Requests
                    );
                    var rate = (sum.Bad + sum.ServingBad) / (sum.All + sum.Serving);
                    var deviation = Math.Sqrt(rate * (1 - rate) * (1 / sum.All + 1 / sum.Serving));
                    // One in a hundred, one-sided.
                    if (sum.Bad / sum.All - sum.ServingBad / sum.Serving > 2.326 * deviation)
                        return true;
                }
                return false;
            })
            .ShouldBeGreaterThan(100);

    [TestCase(0.001)]
    [TestCase(0.01)]
    public void Eight_percent_of_errors_are_found_at_the_first_step(double serving)
    {
        var runs = CanaryRun.Many(
            400,
            seed =>
                CanaryRun.Of(new Simulated(seed, new Version(serving), new Version(0.08)), Policy, 2500, 60, false, [5])
        );
        runs.ShouldAllBe(run => run.Aborted != null && run.Step == 1);
        runs.Select(run => run.Requests).Order().ElementAt(379).ShouldBeLessThan(600);
    }

    [TestCase(40, 0.6)]
    [TestCase(200, 0.8)]
    public void Four_hundred_milliseconds_more_are_found_at_the_first_step(double median, double spread)
    {
        var runs = CanaryRun.Many(
            400,
            seed =>
                CanaryRun.Of(
                    new Simulated(
                        seed,
                        new Version(0.005, median, spread),
                        new Version(0.005, median, spread, ExtraMs: 400)
                    ),
                    Policy with
                    {
                        HighResponseTime = null,
                    },
                    2500,
                    60,
                    latency: true,
                    shares: [5]
                )
        );
        runs.ShouldAllBe(run => run.Aborted!.Trigger == Trigger.Slower && run.Step == 1);
        runs.Select(run => run.Requests).Order().ElementAt(379).ShouldBeLessThan(1000);
    }

    /// <summary>What the page says of requests that fail together: that a promise ends somewhere is told, too.</summary>
    [Test]
    public void Errors_that_come_in_pairs_break_the_promise_as_the_page_says()
    {
        var equal = new Version(0.01);
        var aborted = Aborted(seed =>
            CanaryRun.Of(new Simulated(seed, equal, equal) { Together = 2 }, Policy, 1000, 30, latency: false)
        );
        aborted.ShouldBeInRange(40, 80);
    }

    private static int Aborted(Func<int, CanaryRun> run) =>
        CanaryRun.Many(2000, run).Count(one => one.Aborted is not null);
}
