using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>A light load all through a command.</summary>
internal static class Load
{
    private static readonly double Rate = Settings.AllFaults ? 200 : 60;

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
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(url, Rate)));
        await client.StartAsync(cancellationToken);
        await AnsweredAsync(client, cancellationToken);
        var result = await command();
        await AnsweredAsync(client, cancellationToken);
        var summary = (await client.StopAsync(cancellationToken)).Summary();
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        summary.Failed.ShouldBe(0, string.Join("\n", summary.FirstFailures));
        summary.Versions.Select(seen => seen.Version).ShouldBe(versions);
    }

    /// <summary>
    /// Runs a command under load that must succeed, and that may leave requests without an answer from the last one of
    /// the old version to the first of the new one.
    /// </summary>
    public static async Task<CommandResult> HasOneGapAsync(
        Uri url,
        Func<Task<CommandResult>> command,
        string old,
        string next,
        CancellationToken cancellationToken
    )
    {
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(url, Rate)));
        await client.StartAsync(cancellationToken);
        await AnsweredAsync(client, cancellationToken);
        var result = await command();
        await AnsweredAsync(client, cancellationToken);
        var records = (await client.StopAsync(cancellationToken)).Records;
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        var (before, after) = (
            records.Where(record => record.Versions.Contains(old)).ToList(),
            records.Where(record => record.Versions.Contains(next)).ToList()
        );
        var (last, first) = (before.Max(record => record.StartedTicks), after.Min(record => record.EndedTicks));
        last.ShouldBeLessThan(first, "one version at a time");
        records
            .Where(record => record.Failed && (record.EndedTicks < last || record.StartedTicks > first))
            .Select(record => record.Detail)
            .ShouldBeEmpty("outside of the gap nothing fails");
        return result;
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
        await using var client = new LoadClient(new LoadPlan(new LoadTarget(url, Rate)));
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
