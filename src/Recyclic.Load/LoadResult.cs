using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>Every finished request of a load, and what follows from them.</summary>
/// <param name="Sent">Requests that became due.</param>
/// <param name="Records">One record a finished request, in the order of their ends.</param>
public sealed record LoadResult(long Sent, ImmutableArray<RequestRecord> Records)
{
    private const int FailuresInFull = 20;

    /// <summary>
    /// Idle connections found closed by the server and thrown away before a request was sent on them.
    /// </summary>
    public long StaleConnections { get; init; }

    /// <summary>Records of what was neither answered nor cancelled.</summary>
    public long Failed => Records.LongCount(record => record.Failed);

    /// <summary>The figures of this load, ready to be printed or written as JSON.</summary>
    public LoadSummary Summary() =>
        new()
        {
            Sent = Sent,
            Answered = Records.LongCount(record => record.Answered),
            Failed = Failed,
            Cancelled = Records.LongCount(record => record.Failure == FailureReason.Cancelled),
            FailedByReason = Records
                .Where(record => record.Failed)
                .CountBy(record => record.Failure)
                .ToImmutableSortedDictionary(pair => pair.Key, pair => (long)pair.Value),
            FirstFailures =
            [
                .. Records.Where(record => record.Failed).OrderBy(record => record.StartedTicks).Take(FailuresInFull),
            ],
            Versions = Versions(),
            MixedAnswers = Records.LongCount(record => record.Versions.Length > 1),
            Latency = LatencySummary.Of(Records.Where(record => record.Answered)),
            FastLatency = LatencySummary.Of(Records.Where(record => record is { Answered: true, Slow: false })),
            NewConnections = Records.LongCount(record => record.NewConnection),
            StaleConnections = StaleConnections,
        };

    /// <summary>How many requests each version answered, and when first and last.</summary>
    public ImmutableArray<VersionSeen> Versions() =>
        [
            .. from record in Records
            from version in record.Versions
            group record by version into seen
            orderby seen.Min(record => record.EndedTicks)
            select VersionSeen.Of(seen.Key, [.. seen]),
        ];

    /// <summary>
    /// Requests by the time they started, in intervals of equal length: who answered, how many failed.
    /// </summary>
    /// <param name="interval">Length of an interval, above 0.</param>
    public ImmutableArray<TimelineInterval> Timeline(TimeSpan interval) => TimelineInterval.Of(Records, interval);

    /// <summary>
    /// Answered requests that saw a version which was not live when they started. None is the claim to assert. For one
    /// cutover within [t1, t2]: <c>NotLive(LivePeriod.Until("old", t2), LivePeriod.From("new", t1))</c>.
    /// </summary>
    /// <param name="periods">When each version was live; a version with several periods was live in any of
    /// them.</param>
    public ImmutableArray<RequestRecord> NotLive(params IReadOnlyCollection<LivePeriod> periods)
    {
        var byVersion = periods.ToLookup(period => period.Version);
        return
        [
            .. Records.Where(record =>
                record.Versions.Any(version => !byVersion[version].Any(period => period.Holds(record.StartedUnixMs)))
            ),
        ];
    }
}
