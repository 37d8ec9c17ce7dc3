using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>Requests that started in one interval of time.</summary>
/// <param name="FromUnixMs">Its begin in milliseconds since 1970 UTC.</param>
/// <param name="Failed">Requests that failed.</param>
/// <param name="ByVersion">Answered requests by version.</param>
public sealed record TimelineInterval(double FromUnixMs, long Failed, ImmutableSortedDictionary<string, long> ByVersion)
{
    internal static ImmutableArray<TimelineInterval> Of(ImmutableArray<RequestRecord> records, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        if (records.IsEmpty)
            return [];
        var first = records.Min(record => record.StartedUnixMs);
        return
        [
            .. from record in records
            group record by (long)((record.StartedUnixMs - first) / interval.TotalMilliseconds) into started
            orderby started.Key
            select new TimelineInterval(
                first + started.Key * interval.TotalMilliseconds,
                started.LongCount(record => record.Failed),
                started
                    .SelectMany(record => record.Versions)
                    .CountBy(version => version)
                    .ToImmutableSortedDictionary(pair => pair.Key, pair => (long)pair.Value, StringComparer.Ordinal)
            ),
        ];
    }
}
