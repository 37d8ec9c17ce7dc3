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
        var equal = new Release(errors);
        var runs = CanaryRun.Many(
            2000,
            seed => CanaryRun.Of(new Simulated(seed, equal, equal), Policy, 1000, 30, latency: false)
        );
        Console.WriteLine(runs.Count(run => run.Aborted is not null) + string.Join(",", runs.Where(run=>run.Aborted is not null).Select(run=>run.Aborted!.Text)));
        runs.Count(run => run.Aborted is not null).ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Nor_are_more_of_them_for_their_latency()
    {
        var equal = new Release(0.01, Spread: 0.9);
        var runs = CanaryRun.Many(
            2000,
            seed => CanaryRun.Of(new Simulated(seed, equal, equal), Policy, 200, 15, latency: true)
        );
        Console.WriteLine(runs.Count(run => run.Aborted is not null));
        runs.Count(run => run.Aborted is not null).ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Nor_are_they_where_nothing_is_allowed_beyond_equal()
    {
        var equal = new Release(0.01);
        var strict = Policy with { SlowerBy = TimeSpan.Zero, SlowerByPart = 0 };
        var runs = CanaryRun.Many(
            2000,
            seed => CanaryRun.Of(new Simulated(seed, equal, equal), strict, 200, 15, latency: true)
        );
        Console.WriteLine(runs.Count(run => run.Aborted is not null));
        runs.Count(run => run.Aborted is not null).ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Nor_where_what_both_need_fails_at_times()
    {
        var equal = new Release(0.005);
        var runs = CanaryRun.Many(
            2000,
            seed =>
                CanaryRun.Of(
                    new Simulated(seed, equal, equal),
                    Policy with { HighErrorRate = null },
                    1000,
                    30,
                    latency: false,
                    worse: look => look % 20 == 7 ? 100 : 1
                )
        );
        Console.WriteLine(runs.Count(run => run.Aborted is not null));
        runs.Count(run => run.Aborted is not null).ShouldBeLessThanOrEqualTo(20);
    }

    [Test]
    public void Errors_in_groups()
    {
        foreach (var together in new[] { 2, 3, 5, 10 })
        {
            var equal = new Release(0.01);
            var runs = CanaryRun.Many(
                2000,
                seed => CanaryRun.Of(new Simulated(seed, equal, equal){Together=together}, Policy, 1000, 30, latency: false)
            );
            Console.WriteLine(together + ": " + runs.Count(run => run.Aborted is not null));
        }
    }

    [Test]
    public void Eight_percent_of_errors_are_found_at_the_first_step()
    {
        foreach (var b in new[] { 0, 0.001, 0.01, 0.02 })
        {
            var runs = CanaryRun.Many(
                400,
                seed => CanaryRun.Of(new Simulated(seed, new Release(b), new Release(0.08)), Policy, 2500, 60, latency: false)
            );
            var found = runs.Where(run => run.Aborted is not null && run.Step == 1).Select(run => run.Requests).Order().ToList();
            Console.WriteLine($"{b}: {found.Count}/400 p50 {found[found.Count / 2]} p95 {found[(int)(.95 * found.Count)]} {runs[0].Aborted}");
        }
    }

    [Test]
    public void Late400()
    {
        foreach (var (median, spread) in new[] { (40.0, .6), (100, 1.0), (200, .8) })
        {
            var runs = CanaryRun.Many(
                200,
                seed => CanaryRun.Of(new Simulated(seed, new Release(0.005, median, spread), new Release(0.005, median, spread, 400)), Policy with { HighResponseTime = null }, 2500, 20, latency: true)
            );
            var found = runs.Where(run => run.Aborted is not null).Select(run => run.Requests).Order().ToList();
            Console.WriteLine($"{median}: {found.Count}/200 p50 {found[found.Count / 2]} p95 {found[(int)(.95 * found.Count)]} {runs[0].Aborted}");
        }
    }
}
