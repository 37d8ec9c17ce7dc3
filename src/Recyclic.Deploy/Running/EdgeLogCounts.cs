using System.Collections.Immutable;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// What the edge's log has said, by route, release and the second in which it was heard. Not for several at once.
/// </summary>
internal sealed class EdgeLogCounts
{
    /// <summary>What nobody has asked for by then is forgotten.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>More routes than this nobody has: what a log says beyond is not kept.</summary>
    private const int MostRoutes = 200;

    private readonly SortedDictionary<DateTimeOffset, Dictionary<(Slot, string), Count>> _seconds = [];

    public static DateTimeOffset Second(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    public void Add(EdgeRequest request, DateTimeOffset now)
    {
        if (!_seconds.TryGetValue(Second(now), out var counts))
        {
            _seconds[Second(now)] = counts = [];
            foreach (var old in _seconds.Keys.TakeWhile(second => second < now - Kept).ToList())
                _seconds.Remove(old);
        }
        var key = (request.Slot, request.Route);
        if (counts.TryGetValue(key, out var count))
            count.Add(request);
        else if (counts.Count < MostRoutes)
            (counts[key] = new Count()).Add(request);
    }

    /// <returns>One interval; empty: no whole second has gone by. The second that it is may not be over: what comes in it
    /// is for the next question.</returns>
    public ImmutableArray<Interval> Read(MetricQuestion question, DateTimeOffset now)
    {
        var from = Second(question.From);
        var until = Second(question.Until < now ? question.Until : now);
        if (from >= until)
            return [];
        var counts = new Dictionary<(Slot Slot, string Route), Count>();
        foreach (var (second, its) in _seconds.Where(entry => entry.Key >= from && entry.Key < until))
        foreach (var (key, count) in its)
        {
            if (!counts.TryGetValue(key, out var sum))
                counts[key] = sum = new Count();
            sum.Add(count);
        }
        return
        [
            new Interval(
                from,
                until,
                [
                    .. counts
                        .Keys.Select(key => key.Route)
                        .Distinct()
                        .Order(StringComparer.Ordinal)
                        .Select(route => new RouteCounts(
                            route,
                            Side(question.Canary.Other(), route),
                            Side(question.Canary, route)
                        )),
                ]
            ),
        ];

        SideCounts Side(Slot slot, string route) => counts.GetValueOrDefault((slot, route))?.Done() ?? SideCounts.None;
    }

    private sealed class Count
    {
        private readonly Dictionary<int, long> _latency = [];
        private long _requests;
        private long _errors;

        public void Add(EdgeRequest request)
        {
            _requests++;
            _errors += request.Failed ? 1 : 0;
            if (request.Milliseconds is { } time)
                _latency[Latencies.BucketOf(time)] = _latency.GetValueOrDefault(Latencies.BucketOf(time)) + 1;
        }

        public void Add(Count other)
        {
            _requests += other._requests;
            _errors += other._errors;
            foreach (var (bucket, count) in other._latency)
                _latency[bucket] = _latency.GetValueOrDefault(bucket) + count;
        }

        public SideCounts Done() =>
            new(_requests, _errors, Latencies.OfCounts(_latency.Select(entry => (entry.Key, entry.Value))));
    }
}
