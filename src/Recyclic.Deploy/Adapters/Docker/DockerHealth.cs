using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Smoke;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>How containers are: what the engine, their own checks and their logs say of them.</summary>
internal sealed class DockerHealth(DockerCli docker, HostChanges changes, EngineClient engine, HostReader reader)
{
    private const int LongestLog = 1 << 20;
    private const int LongestSecret = 1 << 13;

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

    public async Task<bool> EndedForMemoryAsync(string containerId, CancellationToken cancellationToken) =>
        (await engine.FindContainerAsync(containerId, cancellationToken))?.State?.OOMKilled == true;

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
        return !probe.Any() || await changes.RunHealthCheckAsync(containerId, probe, cancellationToken) == 0;
    }

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        new OutsideAsker(changes, engine, reader).AskAsync(containerId, probe, cancellationToken);

    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => new OutsideAsker(changes, engine, reader).WatchListeningAsync(ports, cancellationToken);

    public Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken) =>
        new SmokeAsker(changes, new OutsideAsker(changes, engine, reader)).AskAsync(place, question, cancellationToken);

    public async Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    )
    {
        var result = await docker.RunAsync(
            Command.Of("docker", "logs", "--tail", lines.ToString(CultureInfo.InvariantCulture), containerId) with
            {
                Timeout = DockerCli.QuestionDeadline,
                // A line may have any length.
                OutputLimit = LongestLog,
            },
            cancellationToken
        );
        var (output, error) = (result.StandardOutput, result.StandardError);
        // What was cut may begin in the middle of a secret, which nobody would know by its end.
        if (output.Length >= LongestLog)
            output = "…" + output[LongestSecret..];
        if (error.Length >= LongestLog)
            error = "…" + error[LongestSecret..];
        return [.. (output + error).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }

    public IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        CancellationToken cancellationToken
    ) => engine.ReadLogAsync(containerId, question, cancellationToken);

    public async Task<ImmutableArray<string>> ReadVariablesAsync(
        string containerId,
        CancellationToken cancellationToken
    ) => [.. (await engine.FindContainerAsync(containerId, cancellationToken))?.Config?.Env ?? []];
}
