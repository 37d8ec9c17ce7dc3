using Recyclic.Load;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>A light load all through a command.</summary>
internal static class Load
{
    private const double Rate = 60;

    /// <summary>Runs a command under load. It must succeed, no request may fail, and the load must have seen these versions.</summary>
    public static async Task LosesNothingAsync(Uri url, Func<Task<CommandResult>> command, string[] versions, CancellationToken cancellationToken)
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

    /// <summary>Waits until another 40 requests have ended.</summary>
    private static async Task AnsweredAsync(LoadClient client, CancellationToken cancellationToken)
    {
        var enough = client.Counters.Finished + 40;
        await Eventually.TrueAsync(() => Task.FromResult(client.Counters.Finished >= enough), "40 requests end", cancellationToken);
    }
}
