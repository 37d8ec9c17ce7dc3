using System.Text.Json;
using System.Text.Json.Serialization;
using Recyclic.Load;

namespace Recyclic.Bench;

/// <summary>The load client on the command line.</summary>
internal static class LoadCommand
{
    public const string Usage =
        "load --url URL [--url URL] --rate PER_SECOND_AND_URL --seconds S [--new-connections 0.2] [--slow-path /slow?ms=1000 --slow-share 0.02] [--timeout S] [--json] [--timeline MS]";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static IReadOnlyCollection<string> Known =>
        ["url", "rate", "seconds", "new-connections", "slow-path", "slow-share", "timeout", "json!", "timeline"];

    /// <returns>0 when no request failed, 1 otherwise.</returns>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        if (!options.Has("url"))
            throw new UsageException("load needs --url");
        var result = await LoadClient.RunAsync(
            Plan(options),
            TimeSpan.FromSeconds(options.Number("seconds", 10)),
            cancellationToken
        );
        var summary = result.Summary();
        if (options.Has("timeline"))
            Console.WriteLine(Timeline(result, options.Number("timeline", 250)));
        Console.WriteLine(options.Has("json") ? JsonSerializer.Serialize(summary, Json) : Text(summary));
        return summary.Failed == 0 ? 0 : 1;
    }

    private static LoadPlan Plan(Options options)
    {
        try
        {
            return new LoadPlan([
                .. options
                    .All("url")
                    .Select(url => new LoadTarget(new Uri(url), options.Number("rate", 100))
                    {
                        SlowPath = options.Has("slow-path") ? options.Text("slow-path", "/") : null,
                        SlowShare = options.Number("slow-share", 0),
                    }),
            ])
            {
                NewConnectionShare = options.Number("new-connections", 0.2),
                Timeout = TimeSpan.FromSeconds(options.Number("timeout", 10)),
            }.Validated();
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>When requests were slow: the latency of what was due in each interval, slow paths left out.</summary>
    private static string Timeline(LoadResult result, double interval)
    {
        var fast = result.Records.Where(record => !record.Slow).ToList();
        var first = fast.Select(record => record.StartedUnixMs).DefaultIfEmpty().Min();
        return string.Join(
            '\n',
            from record in fast
            group (record.EndedTicks - record.ScheduledTicks) * 1000d / System.Diagnostics.Stopwatch.Frequency by (int)(
                (record.StartedUnixMs - first) / interval
            ) into due
            orderby due.Key
            let latencies = due.Order().ToList()
            select FormattableString.Invariant(
                $"{DateTimeOffset.FromUnixTimeMilliseconds((long)(first + due.Key * interval)):HH:mm:ss.fff}  {latencies.Count, 5} requests  p50 {latencies[latencies.Count / 2], 6:0.0}  p95 {latencies[latencies.Count * 95 / 100], 6:0.0}  p99 {latencies[latencies.Count * 99 / 100], 6:0.0}  max {latencies[^1], 6:0.0} ms"
            )
        );
    }

    private static string Text(LoadSummary summary)
    {
        var process = System.Diagnostics.Process.GetCurrentProcess();
        var reasons = string.Join(", ", summary.FailedByReason.Select(pair => $"{pair.Value} {pair.Key}"));
        var versions = string.Join(", ", summary.Versions.Select(seen => $"{seen.Version}: {seen.Count}"));
        return $"""
            sent {summary.Sent}, answered {summary.Answered}, failed {summary.Failed}{(
                reasons.Length > 0 ? $" ({reasons})" : ""
            )}
            versions {versions}
            latency ms p50 {summary.FastLatency.P50Ms}, p99 {summary.FastLatency.P99Ms}, max {summary.FastLatency.MaxMs} (without slow requests)
            connections {summary.NewConnections} of their own, {summary.StaleConnections} idle ones found closed
            processor {process.TotalProcessorTime.TotalSeconds:0.00} s in {(
                DateTime.Now - process.StartTime
            ).TotalSeconds:0.0} s
            """;
    }
}
