using System.Collections.Immutable;

namespace Recyclic.Deploy.Judging;

/// <summary>Says which intervals may be counted: none twice, none from the future, none with impossible numbers.</summary>
internal static class SampleCare
{
    /// <summary>Longer than this nobody counts at once.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>In their order. One that comes too late, behind a later one, cannot be told from one that comes twice.</summary>
    public static (ImmutableArray<Interval> Counted, ImmutableArray<LeftOut> LeftOut) Sort(
        JudgingPolicy policy,
        DateTimeOffset? countedUntil,
        IEnumerable<Interval> intervals,
        DateTimeOffset now
    )
    {
        var counted = ImmutableArray.CreateBuilder<Interval>();
        var leftOut = ImmutableArray.CreateBuilder<LeftOut>();
        var until = countedUntil ?? DateTimeOffset.MinValue;
        foreach (var interval in intervals.OrderBy(interval => interval.From).ThenBy(interval => interval.Until))
        {
            SampleFault? fault =
                interval.Until <= interval.From || interval.Until - interval.From > Longest ? SampleFault.NoTime
                : interval.Until - now > policy.ClocksDifferBy ? SampleFault.Future
                : interval.From < until ? SampleFault.Counted
                : IsPossible(interval) ? null
                : SampleFault.NoNumber;
            if (fault is { } what)
                leftOut.Add(new LeftOut(interval.From, what));
            else
            {
                counted.Add(interval);
                until = interval.Until;
            }
        }
        return (counted.ToImmutable(), leftOut.ToImmutable());
    }

    /// <summary>Whether its numbers can have been counted.</summary>
    public static bool IsPossible(Interval interval) =>
        !interval.Routes.IsDefault
        && interval.Routes.All(route =>
            route is { Route: not null } && IsPossible(route.Serving) && IsPossible(route.Canary)
        )
        && interval.Routes.Select(route => route.Route).Distinct().Count() == interval.Routes.Length
        && interval.Vitals
            is null
                or {
                    Unhealthy: >= 0,
                    Restarts: >= 0,
                    OutOfMemory: >= 0,
                    Memory: null or (>= 0 and < double.PositiveInfinity)
                };

    private static bool IsPossible(SideCounts side) =>
        side is { Latency: not null }
        && side.Requests is >= 0 and <= SideCounts.Most
        && side.Errors >= 0
        && side.Errors <= side.Requests
        && side.Latency.IsWhole
        && side.Latency.Total <= side.Requests;
}
