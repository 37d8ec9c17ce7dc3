using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>The figures of a load.</summary>
public sealed record LoadSummary
{
    /// <summary>Requests that became due.</summary>
    public required long Sent { get; init; }

    /// <summary>Complete responses with a status from 200 to 399.</summary>
    public required long Answered { get; init; }

    /// <summary>Neither answered nor cancelled.</summary>
    public required long Failed { get; init; }

    /// <summary>Requests under way when the client was cancelled.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Reasons that did not occur are left out.</summary>
    public required ImmutableSortedDictionary<FailureReason, long> FailedByReason { get; init; }

    /// <summary>The first 20 failures in full.</summary>
    public required ImmutableArray<RequestRecord> FirstFailures { get; init; }

    /// <summary>In the order of their first answers.</summary>
    public required ImmutableArray<VersionSeen> Versions { get; init; }

    /// <summary>Answers that showed more than one version.</summary>
    public required long MixedAnswers { get; init; }

    /// <summary>Latency of all answered requests.</summary>
    public required LatencySummary Latency { get; init; }

    /// <summary>Latency of answered requests that were not to a slow path.</summary>
    public required LatencySummary FastLatency { get; init; }

    /// <summary>Requests on a connection of their own.</summary>
    public required long NewConnections { get; init; }

    /// <summary>Idle connections found closed by the server and thrown away unused.</summary>
    public required long StaleConnections { get; init; }
}
