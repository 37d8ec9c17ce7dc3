using System.Text.Json;
using System.Text.Json.Serialization;
using Recyclic.Load;

namespace Recyclic.Bench;

/// <summary>The load client on the command line.</summary>
internal static class LoadCommand
{
    public const string Usage =
        "load --url URL [--url URL] --rate PER_SECOND_AND_URL --seconds S [--new-connections 0.2] [--slow-path /slow?ms=1000 --slow-share 0.02] [--timeout S] [--json]";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static IReadOnlyCollection<string> Known =>
        ["url", "rate", "seconds", "new-connections", "slow-path", "slow-share", "timeout", "json!"];

    /// <returns>0 when no request failed, 1 otherwise.</returns>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        if (!options.Has("url"))
            throw new UsageException("load needs --url");
        var summary = (
            await LoadClient.RunAsync(
                Plan(options),
                TimeSpan.FromSeconds(options.Number("seconds", 10)),
                cancellationToken
            )
        ).Summary();
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
