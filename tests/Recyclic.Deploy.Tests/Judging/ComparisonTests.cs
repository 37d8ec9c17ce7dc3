using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>A bet must not win on average where nothing is wrong: all else follows from it.</summary>
internal sealed class ComparisonTests
{
    [Test]
    public void Where_both_are_equal_the_mean_over_all_that_can_happen_is_one(
        [Values(1.4, 4, 60)] double odds,
        [Values(1, 7, 40)] int canary,
        [Values(1, 9, 300)] int serving,
        [Values(1, 5, 30, 200)] int bad
    )
    {
        if (bad > canary + serving)
            return;
        double mean = 0;
        for (var k = Math.Max(0, bad - serving); k <= Math.Min(bad, canary); k++)
            mean +=
                Choose(canary, k)
                * Choose(serving, bad - k)
                / Choose(canary + serving, bad)
                * Math.Exp(Comparison.OfSides(odds, k, canary, bad - k, serving));
        mean.ShouldBe(1, 1e-9);
    }

    [Test]
    public void A_worse_canary_makes_it_grow_and_a_better_one_shrink()
    {
        Comparison.OfSides(2, 20, 500, 10, 500).ShouldBeGreaterThan(1);
        Comparison.OfSides(2, 10, 500, 20, 500).ShouldBeLessThan(-1);
    }

    [Test]
    public void Rare_errors_are_compared_as_two_poisson_processes_under_a_known_split()
    {
        // Lindon and Malek: of an error, the canary's part of the odds is odds * share / (odds * share + 1 - share).
        const double odds = 2;
        const double share = 0.05;
        var theirs = 8 * Math.Log(odds) - 40 * Math.Log(1 - share + share * odds);
        Comparison.OfSides(odds, 8, 500_000, 32, 9_500_000).ShouldBe(theirs, 1e-3);
    }

    [Test]
    public void Millions_of_requests_are_compared_as_well_as_a_few() =>
        Comparison
            .OfSides(2, 500_000, 10_000_000, 500_000, 10_000_000)
            .ShouldBe(500_000 * Math.Log(2) - 1_000_000 * Math.Log(1.5), 0.06 * 1_000_000);

    [Test]
    public void Where_a_rate_is_what_is_allowed_the_mean_is_one()
    {
        double mean = 0;
        for (var k = 0; k <= 50; k++)
            mean +=
                Choose(50, k)
                * Math.Pow(0.05, k)
                * Math.Pow(0.95, 50 - k)
                * Math.Exp(Comparison.OfLimit(4, 0.05, k, 50));
        mean.ShouldBe(1, 1e-9);
    }

    [TestCase(0, 0, 3, 50)]
    [TestCase(3, 50, 0, 0)]
    [TestCase(0, 10, 0, 50)]
    [TestCase(10, 10, 50, 50)]
    public void Where_nothing_can_be_told_apart_nothing_is_won_or_lost(
        int bad,
        int canary,
        int servingBad,
        int serving
    ) => Comparison.OfSides(4, bad, canary, servingBad, serving).ShouldBe(0);

    private static double Choose(int n, int k)
    {
        var log = 0.0;
        for (var i = 1; i <= k; i++)
            log += Math.Log(n - k + i) - Math.Log(i);
        return Math.Exp(log);
    }
}
