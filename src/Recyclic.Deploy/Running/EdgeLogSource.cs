using System.Collections.Immutable;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Counts what the edge's log says, by the second in which a line came: both releases are counted by one clock, and a
/// request belongs to the second in which it ended.
/// </summary>
internal sealed class EdgeLogSource : IMetricSource, IAsyncDisposable
{
    /// <summary>What nobody has asked for by then is forgotten.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>More routes than this nobody has: what a log says beyond is not kept.</summary>
    private const int MostRoutes = 200;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateTimeOffset, Dictionary<(Slot, string), Count>> _seconds = [];
    private readonly IEdgeHost _edge;
    private readonly string _app;
    private readonly TimeProvider _time;
    private DateTimeOffset _since;
    private string? _ended;
    private Task _following;

    /// <summary>Begins to count, in the background, until it is disposed of.</summary>
    public EdgeLogSource(IEdgeHost edge, string app, TimeProvider time)
    {
        _edge = edge;
        _app = app;
        _time = time;
        _following = Begin();
    }

    /// <inheritdoc/>
    public Task<MetricAnswer> ReadAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var ended = _ended;
            var intervals = Read(question);
            if (ended is not null)
                _following = Begin();
            return Task.FromResult(
                new MetricAnswer(
                    intervals,
                    ended is null ? null : new Silence(SilenceKind.Down, $"the edge's log broke off: {ended}")
                )
            );
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task following;
        lock (_gate)
            following = _following;
        await following;
        _stop.Dispose();
    }

    private ImmutableArray<Interval> Read(MetricQuestion question)
    {
        var from = Later(Second(question.From), _since);
        // The second that it is may not be over: what comes in it is for the next question.
        var now = Second(_time.GetUtcNow());
        var until = Second(question.Until) < now ? Second(question.Until) : now;
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

    /// <summary>A second of which the first part went unheard is not told.</summary>
    private Task Begin()
    {
        _ended = null;
        _since = Second(_time.GetUtcNow()) + TimeSpan.FromSeconds(1);
        return Task.Run(FollowAsync);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var line in _edge.FollowEdgeLogAsync(_app, _stop.Token))
                if (EdgeRequest.Read(line) is { } request)
                    Add(request);
            End("it has an end");
        }
        catch (Exception exception)
        {
            // It never fails a deploy: whoever asks is told, and it is tried again.
            End(PrintableText.Of(exception.Message, 200));
        }
    }

    private void End(string why)
    {
        lock (_gate)
            _ended = why;
    }

    private void Add(EdgeRequest request)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
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
    }

    private static DateTimeOffset Second(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

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
