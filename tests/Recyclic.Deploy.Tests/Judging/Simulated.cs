using Recyclic.Deploy.Judging;

namespace Recyclic.Deploy.Tests.Judging;

/// <summary>What a release is like: how often it fails, and how long it takes.</summary>
internal sealed record Version(double Errors, double MedianMs = 40, double Spread = 0.6, double ExtraMs = 0)
{
    private const int Cells = 4096;

    /// <summary>A bucket for each of 4,096 equally likely draws.</summary>
    public int[] Buckets { get; } =
    [
        .. Enumerable
            .Range(0, Cells)
            .Select(cell =>
                Latencies.BucketOf((long)(ExtraMs + MedianMs * Math.Exp(Spread * Normal((cell + 0.5) / Cells))))
            ),
    ];

    /// <summary>A quantile of the normal distribution, to three digits: Abramowitz and Stegun, 26.2.23.</summary>
    private static double Normal(double part)
    {
        if (part > 0.5)
            return -Normal(1 - part);
        var t = Math.Sqrt(-2 * Math.Log(part));
        return -t + (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    }
}

/// <summary>Two releases under traffic, with a fixed seed.</summary>
internal sealed class Simulated(int seed, Version serving, Version canary)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private readonly Random _random = new(seed);
    private DateTimeOffset _from = Given.Noon;

    /// <summary>From which failing requests come in groups of so many; 1: each by itself.</summary>
    public int Together { get; init; } = 1;

    public string Route { get; init; } = "api-8000";

    /// <summary>One interval.</summary>
    /// <param name="requests">Of both.</param>
    /// <param name="worse">Both fail so many times as often, for a moment.</param>
    public Interval Next(int requests, double share, bool latency = false, double worse = 1)
    {
        var its = Binomial(requests, share);
        var interval = new Interval(
            _from,
            _from + Length,
            [new RouteCounts(Route, Side(serving, requests - its, latency, worse), Side(canary, its, latency, worse))]
        )
        {
            Vitals = new Vitals(0, 0, 0, 0.4),
        };
        _from += Length;
        return interval;
    }

    private SideCounts Side(Version release, long requests, bool latency, double worse)
    {
        var errors = Math.Min(requests, Together * Binomial(requests / Together, Math.Min(1, release.Errors * worse)));
        if (!latency)
            return new SideCounts(requests, errors, Latencies.None);
        var counts = new long[Latencies.Buckets];
        for (var left = requests - errors; left > 0; left--)
            counts[release.Buckets[_random.Next(release.Buckets.Length)]]++;
        var pairs = ImmutableArray.CreateBuilder<long>();
        for (var bucket = 0; bucket < counts.Length; bucket++)
            if (counts[bucket] > 0)
                pairs.AddRange(bucket, counts[bucket]);
        return new SideCounts(requests, errors, new Latencies(pairs.ToImmutable()));
    }

    /// <summary>By inversion, in parts whose mean is small enough for it.</summary>
    private long Binomial(long tries, double chance)
    {
        if (chance >= 1)
            return tries;
        if (chance > 0.5)
            return tries - Binomial(tries, 1 - chance);
        if (tries * chance > 300)
            return Binomial(tries / 2, chance) + Binomial(tries - tries / 2, chance);
        var draw = _random.NextDouble();
        var part = Math.Pow(1 - chance, tries);
        long count = 0;
        for (; draw > part && count < tries; count++)
        {
            draw -= part;
            part *= chance / (1 - chance) * (tries - count) / (count + 1);
        }
        return count;
    }
}
