using System.Collections.Immutable;
using Recyclic.Load;

namespace Recyclic.Bench;

/// <summary>What was asked of a peer.</summary>
internal enum Kind
{
    Deploy,
    Rollback,
    Broken,
}

/// <summary>One command of one peer under load.</summary>
internal sealed record Measured
{
    public required string Peer { get; init; }
    public required int Round { get; init; }
    public required Kind Kind { get; init; }
    public required double StartDelaySeconds { get; init; }

    /// <summary>From the call of the command to its end.</summary>
    public required double WallSeconds { get; init; }
    public required int ExitCode { get; init; }
    public required long Sent { get; init; }
    public required long Failed { get; init; }
    public required ImmutableSortedDictionary<FailureReason, long> FailedByReason { get; init; }

    /// <summary>
    /// From the moment the engine called the last new container healthy to the moment the last service first answered
    /// with the new version; null when no container started or the proxy did not wait for health.
    /// </summary>
    public double? ReadyToSwitchedMs { get; init; }

    /// <summary>
    /// How long both versions answered: first answer of the new one to the last request the old one got; 0 when they
    /// did not overlap.
    /// </summary>
    public double? MixedMs { get; init; }

    /// <summary>99th percentile of requests that are not slow by themselves.</summary>
    public required double P99Ms { get; init; }

    /// <summary>Versions that answered requests started in the last second.</summary>
    public required ImmutableArray<string> ServesAtTheEnd { get; init; }

    public ImmutableArray<RequestRecord> FirstFailures { get; init; } = [];
}
