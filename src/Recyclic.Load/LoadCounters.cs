using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>Where a running load stands.</summary>
/// <param name="Sent">Requests that became due, including those that overflowed.</param>
/// <param name="Finished">Requests that have ended in any way.</param>
/// <param name="Failed">Requests that failed; cancelled ones do not count.</param>
/// <param name="ByVersion">Answered requests by version.</param>
public sealed record LoadCounters(
    long Sent,
    long Finished,
    long Failed,
    ImmutableSortedDictionary<string, long> ByVersion
)
{
    /// <summary>Requests under way.</summary>
    public long InFlight => Sent - Finished;
}
