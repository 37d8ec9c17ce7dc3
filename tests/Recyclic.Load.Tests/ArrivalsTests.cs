using System.Diagnostics;

namespace Recyclic.Load.Tests;

public sealed class ArrivalsTests
{
    private static readonly Uri Anywhere = new("http://127.0.0.1/");

    [Test]
    public void Each_target_keeps_its_own_rate_and_all_come_in_order_of_time()
    {
        var arrivals = new Arrivals([new LoadTarget(Anywhere, 300), new LoadTarget(Anywhere, 100)], 0, startTicks: 0);

        var first = Enumerable.Range(0, 4_000).Select(_ => arrivals.Next()).ToList();

        first.Select(arrival => arrival.DueTicks).ShouldBe(first.Select(arrival => arrival.DueTicks).Order());
        first.Count(arrival => arrival.Target == 0).ShouldBe(3_000);
        (first[^1].DueTicks / (double)Stopwatch.Frequency).ShouldBe(10, 0.02);
    }

    [TestCase(0, 0)]
    [TestCase(0.02, 0.2)]
    [TestCase(0.5, 0.5)]
    [TestCase(1, 1)]
    public void Shares_come_out_over_any_stretch_and_do_not_go_together(double slowShare, double newShare)
    {
        var target = new LoadTarget(Anywhere, 100) { SlowPath = "/slow", SlowShare = slowShare };
        var arrivals = new Arrivals([target], newShare, startTicks: 0);
        for (var stretch = 0; stretch < 5; stretch++)
        {
            var some = Enumerable.Range(0, 1_000).Select(_ => arrivals.Next()).ToList();
            some.Count(arrival => arrival.Slow)
                .ShouldBeInRange((int)(1_000 * slowShare) - 3, (int)(1_000 * slowShare) + 3);
            some.Count(arrival => arrival.NewConnection)
                .ShouldBeInRange((int)(1_000 * newShare) - 3, (int)(1_000 * newShare) + 3);
            some.Count(arrival => arrival is { Slow: true, NewConnection: true })
                .ShouldBeInRange((int)(1_000 * slowShare * newShare) - 15, (int)(1_000 * slowShare * newShare) + 15);
        }
    }

    [Test]
    public void A_total_rate_is_split_by_weight() =>
        LoadTarget.Split(500, (Anywhere, 3), (Anywhere, 2)).Select(target => target.Rate).ShouldBe([300, 200]);
}
