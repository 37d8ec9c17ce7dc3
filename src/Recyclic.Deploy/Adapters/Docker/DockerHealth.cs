using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>How containers are: what the engine, their own checks and their logs say of them.</summary>
internal sealed class DockerHealth(DockerCli docker, HostChanges changes, EngineClient engine, HostReader reader)
{
    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (
            var message in engine.WatchContainersAsync(
                since,
                ["start", "die", "oom", "health_status", "exec_die"],
                cancellationToken
            )
        )
            if (EngineAnswers.Event(message) is { } happened)
                yield return happened;
    }

    public async Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        await engine.FindContainerAsync(containerId, cancellationToken) is { } inspected
            ? EngineAnswers.Probe(inspected)
            : null;

    public async Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken)
    {
        var test = (await engine.FindContainerAsync(containerId, cancellationToken))?.Config?.Healthcheck?.Test ?? [];
        IEnumerable<string> probe = test.ToList() switch
        {
            ["CMD", .. var command] => command,
            // The team's own health check, run as the engine runs it.
            ["CMD-SHELL", var line] => ["/bin/sh", "-c", line],
            _ => [],
        };
        return !probe.Any() || (await changes.RunHealthCheckAsync(containerId, probe, cancellationToken)).Succeeded;
    }

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        new OutsideAsker(changes, engine, reader).AskAsync(containerId, probe, cancellationToken);

    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => new OutsideAsker(changes, engine, reader).WatchListeningAsync(ports, cancellationToken);

    public async Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    )
    {
        var result = await docker.ReadAsync(
            ["logs", "--tail", lines.ToString(CultureInfo.InvariantCulture), containerId],
            cancellationToken
        );
        return
        [
            .. (result.StandardOutput + result.StandardError)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .TakeLast(lines),
        ];
    }
}
