using System.Collections.Concurrent;
using System.Text.Json;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>When the engine itself called a container of the stack healthy.</summary>
internal sealed class HealthEvents : IAsyncDisposable
{
    private const string VersionLabel = "recyclicbench.version";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IRunningCommand _events;
    private readonly ConcurrentBag<(string Version, double UnixMs)> _healthy = [];
    private readonly Task _reading;

    public HealthEvents(ICommandRunner runner)
    {
        _events = runner.Start(
            Command.Of(
                "docker",
                "events",
                "--filter",
                "event=health_status",
                "--filter",
                $"label={VersionLabel}",
                "--format",
                "{{json .}}"
            )
        );
        _reading = ReadAsync();
    }

    /// <summary>When the last container of a version became healthy after a moment; null when none did.</summary>
    public double? LastHealthy(string version, double afterUnixMs)
    {
        var times = _healthy
            .Where(seen => seen.Version == version && seen.UnixMs > afterUnixMs)
            .Select(seen => seen.UnixMs)
            .ToList();
        return times.Count == 0 ? null : times.Max();
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _reading.WaitAsync(Patience);
    }

    private async Task ReadAsync()
    {
        await foreach (var line in _events.ReadLinesAsync(CancellationToken.None))
        {
            using var json = JsonDocument.Parse(line);
            var attributes = json.RootElement.GetProperty("Actor").GetProperty("Attributes");
            if (json.RootElement.GetProperty("Action").GetString() != "health_status: healthy")
                continue;
            if (attributes.GetProperty(VersionLabel).GetString() is { } version)
                _healthy.Add((version, json.RootElement.GetProperty("timeNano").GetInt64() / 1e6));
        }
    }
}
