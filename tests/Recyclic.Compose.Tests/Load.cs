using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>A light load all through a command.</summary>
internal static class Load
{
    /// <summary>
    /// Runs a command under load. It must succeed, no request may fail, and the load must have seen these versions.
    /// </summary>
    public static async Task LosesNothingAsync(
        Uri url,
        Func<Task<CommandResult>> command,
        string[] versions,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(url, Settings.Rate)));
        await client.StartAsync(cancellationToken);
        await AnsweredAsync(client, cancellationToken);
        var result = await command();
        await AnsweredAsync(client, cancellationToken);
        var summary = (await client.StopAsync(cancellationToken)).Summary();
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        summary.Failed.ShouldBe(0, string.Join("\n", summary.FirstFailures));
        summary.Versions.Select(seen => seen.Version).ShouldBe(versions);
    }

    /// <summary>Requests, each with a patience, while something is done that may last; none may fail.</summary>
    /// <returns>How long the longest took, in milliseconds.</returns>
    public static async Task<double> LosesNothingAsync(
        Uri url,
        double rate,
        TimeSpan patience,
        Func<Task> action,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(
            new LoadPlan(new LoadTarget(url, rate)) { Timeout = patience, MaxDuration = TimeSpan.FromMinutes(10) }
        );
        await client.StartAsync(cancellationToken);
        await AnsweredAsync(client, cancellationToken);
        await action();
        await AnsweredAsync(client, cancellationToken);
        var result = await client.StopAsync(cancellationToken);
        var summary = result.Summary();
        summary.Failed.ShouldBe(0, string.Join("\n", summary.FirstFailures));
        return result.Records.Max(record => record.EndedUnixMs - record.StartedUnixMs);
    }

    /// <summary>
    /// Runs a command under load that must succeed, and that may fail requests which begin within one short time.
    /// </summary>
    /// <returns>From the beginning of the first that failed to the end of the last.</returns>
    public static async Task<TimeSpan> HasShortGapAsync(
        Uri url,
        Func<Task<CommandResult>> command,
        TimeSpan longest,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(url, Settings.Rate)));
        await client.StartAsync(cancellationToken);
        await AnsweredAsync(client, cancellationToken);
        var result = await command();
        await AnsweredAsync(client, cancellationToken);
        var records = (await client.StopAsync(cancellationToken)).Records;
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        var failed = records.Where(record => record.Failed).ToList();
        var gap =
            failed.Count == 0
                ? TimeSpan.Zero
                : System.Diagnostics.Stopwatch.GetElapsedTime(
                    failed.Min(record => record.StartedTicks),
                    failed.Max(record => record.EndedTicks)
                );
        gap.ShouldBeLessThan(longest);
        return gap;
    }

    /// <summary>Waits until another 40 requests have ended.</summary>
    private static async Task AnsweredAsync(LoadClient client, CancellationToken cancellationToken)
    {
        var enough = client.Counters.Finished + 40;
        await Eventually.TrueAsync(
            () => Task.FromResult(client.Counters.Finished >= enough),
            "40 requests end",
            cancellationToken
        );
    }
}
