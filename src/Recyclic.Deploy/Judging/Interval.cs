using System.Collections.Immutable;

namespace Recyclic.Deploy.Judging;

/// <summary>What one release did on one route in one interval.</summary>
/// <param name="Requests">That ended in it.</param>
/// <param name="Errors">Those of them that failed through no fault of the client: a 5xx, or broken off.</param>
/// <param name="Latency">Of those that did not fail; empty where the route has no requests but connections.</param>
internal sealed record SideCounts(long Requests, long Errors, Latencies Latency)
{
    /// <summary>More of anything than this is a mistake of the source.</summary>
    public const long Most = 1_000_000_000_000;

    /// <summary>Nothing happened.</summary>
    public static SideCounts None { get; } = new(0, 0, Latencies.None);

    /// <summary>Both together.</summary>
    public SideCounts Plus(SideCounts other) =>
        new(Requests + other.Requests, Errors + other.Errors, Latency.Plus(other.Latency));
}

/// <summary>What both releases did on one route in one interval.</summary>
/// <param name="Route">Its service and port, as `api-8000`.</param>
/// <param name="Serving">The release that serves.</param>
/// <param name="Canary">The one that is judged.</param>
internal sealed record RouteCounts(string Route, SideCounts Serving, SideCounts Canary);

/// <summary>How the canary's containers are, at the end of an interval.</summary>
/// <param name="Unhealthy">Containers whose own health check has failed as often as it must to say so.</param>
/// <param name="Restarts">Since the canary's containers were started.</param>
/// <param name="OutOfMemory">How many of its containers' processes were killed for want of memory since then.</param>
/// <param name="Memory">What the fullest has of its limit, 0 to 1; null: none has a limit.</param>
internal sealed record Vitals(int Unhealthy, int Restarts, int OutOfMemory, double? Memory);

/// <summary>What was counted from one moment to another, on the clock of whoever counted.</summary>
/// <param name="From">The first moment of it.</param>
/// <param name="Until">The first moment after it.</param>
/// <param name="Routes">Those on which anything happened.</param>
internal sealed record Interval(DateTimeOffset From, DateTimeOffset Until, ImmutableArray<RouteCounts> Routes)
{
    /// <summary>Null: nobody could say.</summary>
    public Vitals? Vitals { get; init; }
}
