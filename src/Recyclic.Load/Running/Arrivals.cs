using System.Collections.Immutable;
using System.Diagnostics;

namespace Recyclic.Load;

/// <summary>One request that is due.</summary>
internal readonly record struct Arrival(long DueTicks, int Target, bool Slow, bool NewConnection);

/// <summary>
/// The fixed schedule of a plan: the k-th request of a target is due at start + (k + phase) / rate, whatever happened
/// to the ones before. Pure; the same plan gives the same schedule.
/// </summary>
internal sealed class Arrivals(ImmutableArray<LoadTarget> targets, double newConnectionShare, long startTicks)
{
    // Multiples of two unrelated irrational numbers spread evenly over 0..1: shares come out exact over any stretch of
    // requests, and slow requests are not always the ones on a new connection.
    private const double GoldenRatio = 0.618033988749894848;
    private const double SquareRootOfTwo = 0.414213562373095049;

    private readonly long[] _sent = new long[targets.Length];

    /// <summary>The next request due, in order of time.</summary>
    public Arrival Next()
    {
        var next = 0;
        for (var target = 1; target < targets.Length; target++)
            if (Due(target) < Due(next))
                next = target;
        var due = Due(next);
        var index = _sent[next]++;
        return new Arrival(
            due,
            next,
            Falls(index, GoldenRatio, targets[next].SlowShare),
            Falls(index, SquareRootOfTwo, newConnectionShare)
        );
    }

    /// <summary>Targets begin a little apart, so that they are not all asked in the same instant.</summary>
    private long Due(int target) =>
        startTicks
        + (long)((_sent[target] + target / (double)targets.Length) * Stopwatch.Frequency / targets[target].Rate);

    private static bool Falls(long index, double step, double share)
    {
        var place = (index + 1) * step;
        return place - Math.Floor(place) < share;
    }
}
