using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Judging;

/// <summary>
/// How long requests took, counted in fixed buckets: each millisecond up to 20 has its own, above that each ends 5 %
/// above the one before, and what takes longer than ten minutes is in the last. So a quantile is told at most 5 % or
/// 1 ms too high, and any two can be added.
/// </summary>
/// <param name="Pairs">Bucket and count in turns, by bucket, none of them empty: as it stands in a journal.</param>
[method: JsonConstructor]
internal sealed record Latencies(ImmutableArray<long> Pairs)
{
    private const int Exact = 20;
    private const long Longest = 600_000;
    private const double Growth = 1.05;

    /// <summary>The longest time that belongs to a bucket, in milliseconds.</summary>
    private static readonly long[] Ends = [.. AllEnds()];

    /// <summary>How many buckets there are.</summary>
    public static int Buckets => Ends.Length;

    /// <summary>Of no request.</summary>
    public static Latencies None { get; } = new(ImmutableArray<long>.Empty);

    /// <summary>How many requests were counted.</summary>
    [JsonIgnore]
    public long Total => Over(-1);

    /// <summary>Whether nothing of it is impossible, as it can be in a file that others wrote.</summary>
    [JsonIgnore]
    public bool IsWhole
    {
        get
        {
            if (Pairs.IsDefault || Pairs.Length % 2 != 0)
                return false;
            long last = -1;
            long total = 0;
            for (var at = 0; at < Pairs.Length; at += 2)
            {
                if (Pairs[at] <= last || Pairs[at] >= Buckets || Pairs[at + 1] is <= 0 or > SideCounts.Most)
                    return false;
                last = Pairs[at];
                total += Pairs[at + 1];
            }
            return total <= SideCounts.Most;
        }
    }

    /// <summary>From times in milliseconds, each rounded down; what is below zero counts as zero.</summary>
    public static Latencies Of(params IEnumerable<long> milliseconds) =>
        OfCounts(milliseconds.GroupBy(BucketOf).Select(group => (group.Key, (long)group.Count())));

    /// <summary>From counts by bucket; the same bucket may come more than once.</summary>
    public static Latencies OfCounts(IEnumerable<(int Bucket, long Count)> counts)
    {
        var sums = new SortedDictionary<int, long>();
        foreach (var (bucket, count) in counts)
            sums[bucket] = sums.GetValueOrDefault(bucket) + count;
        return new Latencies([
            .. sums.Where(sum => sum.Value > 0).SelectMany(sum => new[] { (long)sum.Key, sum.Value }),
        ]);
    }

    /// <summary>Where a time is counted.</summary>
    public static int BucketOf(long milliseconds)
    {
        var at = Array.BinarySearch(Ends, Math.Max(0, milliseconds));
        return Math.Min(at < 0 ? ~at : at, Ends.Length - 1);
    }

    /// <summary>The longest time that belongs to a bucket, in milliseconds.</summary>
    public static long EndOf(int bucket) => Ends[Math.Clamp(bucket, 0, Ends.Length - 1)];

    /// <summary>Both together.</summary>
    public Latencies Plus(Latencies other)
    {
        if (other.Pairs.IsEmpty)
            return this;
        if (Pairs.IsEmpty)
            return other;
        var sum = ImmutableArray.CreateBuilder<long>(Pairs.Length + other.Pairs.Length);
        for (int mine = 0, its = 0; mine < Pairs.Length || its < other.Pairs.Length; )
        {
            var left = mine < Pairs.Length ? Pairs[mine] : long.MaxValue;
            var right = its < other.Pairs.Length ? other.Pairs[its] : long.MaxValue;
            sum.Add(Math.Min(left, right));
            sum.Add((left <= right ? Pairs[mine + 1] : 0) + (right <= left ? other.Pairs[its + 1] : 0));
            mine += left <= right ? 2 : 0;
            its += right <= left ? 2 : 0;
        }
        return new Latencies(sum.ToImmutable());
    }

    /// <summary>How many are in buckets above this one.</summary>
    public long Over(int bucket)
    {
        long count = 0;
        for (var at = Pairs.Length - 2; at >= 0 && Pairs[at] > bucket; at -= 2)
            count += Pairs[at + 1];
        return count;
    }

    /// <summary>The bucket that a quantile is in; null: there is none of nothing.</summary>
    public int? BucketAt(double quantile)
    {
        var wanted = quantile * Total;
        double count = 0;
        for (var at = 0; at < Pairs.Length; at += 2)
            if ((count += Pairs[at + 1]) >= wanted)
                return (int)Pairs[at];
        return null;
    }

    /// <summary>In milliseconds; null: there is none of nothing.</summary>
    public long? Quantile(double quantile) => BucketAt(quantile) is { } bucket ? EndOf(bucket) : null;

    private static IEnumerable<long> AllEnds()
    {
        for (long end = 0; end < Longest; end = end < Exact ? end + 1 : (long)Math.Ceiling(end * Growth))
            yield return end;
        yield return Longest;
    }
}
