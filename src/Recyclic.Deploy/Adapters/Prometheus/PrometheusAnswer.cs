using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Recyclic.Deploy.Judging;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Prometheus;

/// <summary>A source that cannot be counted on, and why.</summary>
internal sealed class SilentException(SilenceKind kind, string message) : Exception(message)
{
    public SilenceKind Kind { get; } = kind;
}

/// <summary>Pure: reads what Prometheus says.</summary>
internal static class PrometheusAnswer
{
    private const string NoAnswer = "what answers is not Prometheus";

    /// <summary>One series: its labels, and a number that is one and is not negative.</summary>
    internal sealed record Series(Slot Slot, string Route, string? UpTo, double Value);

    /// <exception cref="SilentException">It is no answer, a refusal, or has a number that is none.</exception>
    public static ImmutableArray<Series> Read(string text, PrometheusQueries queries)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.GetProperty("status").GetString() != "success")
                throw new SilentException(
                    SilenceKind.Refused,
                    $"Prometheus refuses the query: {PrintableText.Of(root.GetProperty("error").GetString() ?? "", 200)}"
                );
            var data = root.GetProperty("data");
            if (data.GetProperty("resultType").GetString() != "vector")
                throw new SilentException(SilenceKind.NotUnderstood, "the query's answer is no instant vector");
            return [.. data.GetProperty("result").EnumerateArray().Select(series => One(series, queries))];
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SilentException(SilenceKind.NotUnderstood, NoAnswer);
        }
    }

    /// <summary>All three answers together.</summary>
    /// <exception cref="SilentException">They do not go together, or nothing is known of both slots.</exception>
    public static ImmutableArray<RouteCounts> Join(
        IReadOnlyCollection<Series> requests,
        IReadOnlyCollection<Series> errors,
        IReadOnlyCollection<Series> latency,
        Slot canary
    )
    {
        if (requests.Count == 0)
            throw new SilentException(SilenceKind.Empty, "Prometheus knows no requests of blue or green");
        return
        [
            .. requests
                .Select(series => series.Route)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(route => new RouteCounts(route, Side(canary.Other(), route), Side(canary, route))),
        ];

        SideCounts Side(Slot slot, string route)
        {
            var times = Latency(latency.Where(series => series.Slot == slot && series.Route == route));
            var failed = Sum(errors, slot, route);
            // Each is rounded by itself, as Prometheus extrapolates: none may become more than there are in all.
            return new SideCounts(Math.Max(Sum(requests, slot, route), Math.Max(failed, times.Total)), failed, times);
        }
    }

    private static Series One(JsonElement series, PrometheusQueries queries)
    {
        var labels = series.GetProperty("metric");
        var slot = Label(labels, queries.SlotLabel);
        var value = series.GetProperty("value")[1].GetString();
        if (
            !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !(number is >= 0 and <= SideCounts.Most)
        )
            throw new SilentException(
                SilenceKind.NoNumber,
                $"Prometheus gives {PrintableText.Of(value ?? "nothing", 40)} for a number of requests"
            );
        return new Series(
            PrometheusQueries.SlotOf(slot)
                ?? throw new SilentException(
                    SilenceKind.Empty,
                    $"the label {queries.SlotLabel} says neither blue nor green but {PrintableText.Of(slot ?? "nothing", 60)}"
                ),
            PrintableText.Of(Label(labels, queries.RouteLabel) ?? "all", 100),
            Label(labels, "le"),
            number
        );
    }

    private static string? Label(JsonElement labels, string name) =>
        labels.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Sum(IEnumerable<Series> series, Slot slot, string route) =>
        (long)Math.Round(series.Where(one => one.Slot == slot && one.Route == route).Sum(one => one.Value));

    /// <summary>What took at most so long is told; how many took between two of these is what is counted, as the longer.</summary>
    private static Latencies Latency(IEnumerable<Series> series)
    {
        var counts = new List<(int, long)>();
        long before = 0;
        foreach (
            var (seconds, total) in series
                .GroupBy(one => Seconds(one.UpTo), one => one.Value)
                .OrderBy(group => group.Key)
                .Select(group => (group.Key, (long)Math.Round(group.Sum())))
        )
        {
            if (total < before)
                throw new SilentException(
                    SilenceKind.NoNumber,
                    "fewer requests took at most a longer time than a shorter one; does the query add up by le?"
                );
            counts.Add((Latencies.BucketOf((long)Math.Min(1e9, seconds * 1000)), total - before));
            before = total;
        }
        return Latencies.OfCounts(counts);
    }

    private static double Seconds(string? le) =>
        le is "+Inf" ? double.PositiveInfinity
        : double.TryParse(le, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
            ? seconds
        : throw new SilentException(SilenceKind.NoNumber, "a latency has no label le that is a time");
}
