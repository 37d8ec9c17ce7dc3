using FsCheck;
using FsCheck.Fluent;
using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

internal sealed class LatenciesTests
{
    [Test]
    public void A_quantile_is_told_at_most_five_percent_or_a_millisecond_too_high()
    {
        for (long time = 0; time <= 600_000; time += 1 + time / 300)
        {
            var told = Latencies.Of(time).Quantile(0.5)!.Value;
            told.ShouldBeGreaterThanOrEqualTo(time);
            (told - time).ShouldBeLessThanOrEqualTo(Math.Max(1, time / 20));
        }
    }

    [Test]
    public void Its_size_has_a_limit_whatever_it_counts() =>
        Latencies
            .Of(Enumerable.Range(0, 1_000_000).Select(time => (long)time * 1000))
            .Pairs.Length.ShouldBeLessThanOrEqualTo(2 * Latencies.Buckets);

    [Test]
    public void Times_that_cannot_be_are_in_the_first_and_the_last_bucket()
    {
        Latencies.BucketOf(long.MinValue).ShouldBe(0);
        Latencies.BucketOf(long.MaxValue).ShouldBe(Latencies.Buckets - 1);
    }

    [Test]
    public void Two_are_together_what_all_of_their_times_are() =>
        Prop.ForAll<uint[], uint[]>(
                (one, other) =>
                {
                    var sum = Of(one).Plus(Of(other));
                    sum.Pairs.ShouldBe(Of([.. one, .. other]).Pairs);
                    sum.IsWhole.ShouldBeTrue();
                    sum.Total.ShouldBe(one.Length + other.Length);
                    sum.Over(7).ShouldBe(one.Concat(other).Count(time => Latencies.BucketOf(time) > 7));
                }
            )
            .QuickCheckThrowOnFailure();

    [Test]
    public void Nothing_has_no_quantile() => Latencies.None.Quantile(0.95).ShouldBeNull();

    [TestCase(new long[] { 1 })]
    [TestCase(new long[] { 1, 0 })]
    [TestCase(new long[] { 1, -5 })]
    [TestCase(new long[] { 2, 1, 1, 1 })]
    [TestCase(new long[] { -1, 1 })]
    [TestCase(new long[] { 100_000, 1 })]
    [TestCase(new long[] { 1, long.MaxValue })]
    public void What_cannot_have_been_counted_is_told_from_what_can(long[] pairs) =>
        new Latencies([.. pairs]).IsWhole.ShouldBeFalse();

    private static Latencies Of(uint[] times) => Latencies.Of(times.Select(time => (long)time));
}
