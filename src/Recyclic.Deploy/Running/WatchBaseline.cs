using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>What the release before did, by the second, in the hour before the deploy.</summary>
internal sealed class WatchBaseline
{
    private readonly SortedDictionary<DateTimeOffset, EdgeLogCounts> _seconds = [];
    private DateTimeOffset[]? _order;

    /// <summary>How many seconds of it are known, those without a request included.</summary>
    public int Seconds => Span(out _);

    public void Add(DateTimeOffset at, EdgeRequest request)
    {
        var second = EdgeLogCounts.Second(at);
        if (!_seconds.TryGetValue(second, out var counts))
            _seconds[second] = counts = new EdgeLogCounts();
        counts.Add(request, second);
    }

    /// <summary>
    /// A second of the watch with one of the hour before beside it, each of which is used once; none are left after as
    /// many: then the limits alone judge.
    /// </summary>
    public Interval Beside(Interval interval, Slot before, int number)
    {
        if (Pick(number) is not { } second || !_seconds.TryGetValue(second, out var counts))
            return interval;
        var theirs = counts.Read(new("", before.Other(), second, second.AddSeconds(1)), second.AddSeconds(1))[0];
        return interval with
        {
            Routes =
            [
                .. interval
                    .Routes.Concat(theirs.Routes)
                    .Select(route => route.Route)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
                    .Select(name => new RouteCounts(
                        name,
                        theirs.Routes.FirstOrDefault(route => route.Route == name)?.Serving ?? SideCounts.None,
                        interval.Routes.FirstOrDefault(route => route.Route == name)?.Canary ?? SideCounts.None
                    )),
            ],
        };
    }

    /// <summary>In an order that has all parts of the hour early on, so that its course counts as little as may be.</summary>
    private DateTimeOffset? Pick(int number)
    {
        var span = Span(out var first);
        if (_order?.Length != span)
            _order =
            [
                .. Enumerable
                    .Range(0, span)
                    .OrderBy(index => index * 0.6180339887498949 % 1)
                    .Select(index => first.AddSeconds(index)),
            ];
        return number < span ? _order[number] : null;
    }

    private int Span(out DateTimeOffset first)
    {
        first = _seconds.Count == 0 ? default : _seconds.Keys.First();
        return _seconds.Count == 0 ? 0 : (int)(_seconds.Keys.Last() - first).TotalSeconds + 1;
    }
}
