using Recyclic.Load;

namespace Recyclic.Bench;

/// <summary>The three services as their users reach them, and the load on them.</summary>
internal static class Site
{
    private const int TotalRate = 500;
    private static readonly int[] Ports = [28000, 24444, 28001];

    /// <summary>500 requests a second, 2 % of them taking 1 s, 20 % on a new connection.</summary>
    public static LoadPlan Load { get; } =
        new([
            .. LoadTarget
                .Split(TotalRate, [.. Ports.Select(port => (new Uri($"http://127.0.0.1:{port}/version"), 1.0))])
                .Select(target => target with { SlowPath = "/slow?ms=1000", SlowShare = 0.02 }),
        ])
        {
            NewConnectionShare = 0.2,
            MaxDuration = TimeSpan.FromMinutes(6),
        };

    private static LoadPlan Look { get; } =
        Load with
        {
            Targets = [.. Load.Targets.Select(target => target with { Rate = 10, SlowPath = null, SlowShare = 0 })],
        };

    /// <summary>Waits until every service answers with a version.</summary>
    /// <exception cref="TimeoutException">It did not within 60 s.</exception>
    public static async Task AwaitAsync(string version, CancellationToken cancellationToken)
    {
        await using var client = new LoadClient(Look);
        await client.StartAsync(cancellationToken);
        if (!await IsServedAsync(client, version, TimeSpan.FromSeconds(60), cancellationToken))
            throw new TimeoutException(
                $"Version {version} does not answer on all of the ports {string.Join(", ", Ports)}."
            );
    }

    /// <summary>Whether every service has answered a running load with a version, waiting at most for a time.</summary>
    public static async Task<bool> IsServedAsync(
        LoadClient client,
        string version,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var deadline = DateTime.UtcNow + patience;
        while (DateTime.UtcNow < deadline)
        {
            if (FirstAnswers(client.Result(), version).Count == Ports.Length)
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
        return false;
    }

    /// <summary>
    /// When each service first answered with a version, in milliseconds since 1970 UTC; those that never did are left
    /// out.
    /// </summary>
    public static IReadOnlyCollection<double> FirstAnswers(LoadResult result, string version) =>
        [
            .. result
                .Records.Where(record => record.Versions.Contains(version))
                .GroupBy(record => record.Target)
                .Select(target => target.Min(record => record.EndedUnixMs)),
        ];
}
