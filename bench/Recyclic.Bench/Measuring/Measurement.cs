using System.Diagnostics;
using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>Runs one command of a peer under load and draws the figures from what users and the engine saw.</summary>
internal sealed class Measurement(HealthEvents events)
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ServedPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BrokenPatience = TimeSpan.FromSeconds(5);

    public async Task<Measured> RunAsync(
        IPeer peer,
        int round,
        Kind kind,
        Work work,
        Func<Work, CancellationToken, Task<CommandResult>> command,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(Site.Load);
        await client.StartAsync(cancellationToken);
        await Task.Delay(Before, cancellationToken);
        var startedUnixMs = new LoadClock().UnixMilliseconds(LoadClock.Now);
        var wall = Stopwatch.StartNew();
        var ended = await command(work, cancellationToken);
        wall.Stop();
        await Site.IsServedAsync(
            client,
            work.Tag,
            kind == Kind.Broken ? BrokenPatience : ServedPatience,
            cancellationToken
        );
        await Task.Delay(After, cancellationToken);
        var result = await client.StopAsync(cancellationToken);
        var summary = result.Summary();
        return new Measured
        {
            Peer = peer.Name,
            Round = round,
            Kind = kind,
            StartDelaySeconds = work.StartDelay.TotalSeconds,
            WallSeconds = wall.Elapsed.TotalSeconds,
            ExitCode = ended.ExitCode,
            Sent = summary.Sent,
            Failed = summary.Failed,
            FailedByReason = summary.FailedByReason,
            ReadyToSwitchedMs = ReadyToSwitched(result, work.Tag, startedUnixMs),
            MixedMs = Mixed(summary, work.Tag),
            P99Ms = summary.FastLatency.P99Ms,
            ServesAtTheEnd = [.. ServesAtTheEnd(result)],
            FirstFailures = summary.FirstFailures,
        };
    }

    private double? ReadyToSwitched(LoadResult result, string version, double startedUnixMs)
    {
        var switched = Site.FirstAnswers(result, version);
        if (switched.Count == 0 || events.LastHealthy(version, startedUnixMs) is not { } ready)
            return null;
        return switched.Max() >= ready ? switched.Max() - ready : null;
    }

    private static double? Mixed(LoadSummary summary, string version)
    {
        var now = summary.Versions.FirstOrDefault(seen => seen.Version == version);
        var old = summary.Versions.FirstOrDefault(seen => seen.Version != version);
        return now is null || old is null ? null : Math.Max(0, old.LastStartedUnixMs - now.FirstAnsweredUnixMs);
    }

    private static IEnumerable<string> ServesAtTheEnd(LoadResult result)
    {
        var lastSecond = result.Records.Max(record => record.StartedUnixMs) - 1_000;
        return result
            .Records.Where(record => record.StartedUnixMs >= lastSecond)
            .SelectMany(record => record.Versions)
            .Distinct()
            .Order(StringComparer.Ordinal);
    }
}
