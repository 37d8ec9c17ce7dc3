using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Judging;

/// <summary>How long the requests of one route took, since the canary began.</summary>
/// <param name="Route">Or <see cref="Counting.Others"/>.</param>
internal sealed record RouteLatency(string Route, Latencies Serving, Latencies Canary);

/// <summary>All that is known of a canary so far: what one judgement leaves to the next.</summary>
internal sealed record Evidences
{
    /// <summary>Of a canary that nobody has looked at.</summary>
    public static Evidences None { get; } = new();

    /// <summary>The step's number; 0: none has begun.</summary>
    public int Step { get; init; }

    /// <summary>For how long the step has been looked at.</summary>
    public TimeSpan Watched { get; init; }

    /// <summary>Of the canary, in this step.</summary>
    public long CanaryRequests { get; init; }

    /// <summary>Of the release that serves, in this step.</summary>
    public long ServingRequests { get; init; }

    /// <summary>In how many intervals of this step the canary had requests.</summary>
    public int Intervals { get; init; }

    /// <summary>What lies before it has been counted; null: nothing has.</summary>
    public DateTimeOffset? CountedUntil { get; init; }

    /// <summary>When somebody looked last; null: nobody did.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>For how long nothing was heard.</summary>
    public TimeSpan SilentFor { get; init; }

    /// <summary>What the tests have found.</summary>
    public ImmutableArray<Evidence> Tests { get; init; } = [];

    /// <summary>What a request is called slow by.</summary>
    public ImmutableArray<RouteLatency> Latencies { get; init; } = [];

    /// <summary>For how many intervals in a row memory has been above its limit.</summary>
    public int MemoryHigh { get; init; }

    /// <summary>For how many intervals in a row a container has been unhealthy.</summary>
    public int Unhealthy { get; init; }

    /// <summary>The last that was said; null: nobody could say.</summary>
    public Vitals? Vitals { get; init; }

    /// <summary>What was found: it is not forgotten, also where the numbers look better again.</summary>
    public ImmutableArray<Reason> Breaches { get; init; } = [];

    /// <summary>
    /// The weighted sum of all: how much more is known against the canary than chance explains. 100: this happens by
    /// chance once in a hundred canaries, looked at as often as one likes.
    /// </summary>
    [JsonIgnore]
    public double Value => Tests.Sum(test => test.Weight * test.Value);

    /// <summary>Whether it can be, as it stands in a file that others wrote.</summary>
    [JsonIgnore]
    public bool IsWhole =>
        CanaryRequests >= 0
        && Watched >= TimeSpan.Zero
        && Watched <= JudgingPolicy.Longest * 2
        && SilentFor >= TimeSpan.Zero
        && SilentFor <= JudgingPolicy.Longest * 2
        && Intervals is >= 0 and < int.MaxValue
        && ServingRequests >= 0
        && !Tests.IsDefault
        && Tests.All(test => test is { IsWhole: true })
        && !Latencies.IsDefault
        && Latencies.All(route => route is { Route: not null, Serving.IsWhole: true, Canary.IsWhole: true })
        && Latencies.DistinctBy(route => route.Route).Count() == Latencies.Length
        && !Breaches.IsDefault
        && Breaches.All(breach => breach is { Text: not null });
}
