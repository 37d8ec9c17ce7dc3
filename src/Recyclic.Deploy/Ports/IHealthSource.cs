using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Ports;

/// <summary>Says how containers are: what happens to them, and what they answer.</summary>
public interface IHealthSource
{
    /// <summary>The container events of an application from now on, until cancelled.</summary>
    IAsyncEnumerable<ContainerEvent> WatchAsync(string app, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Null: it has no health check, has not been probed yet, or is gone.</summary>
    Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Whether the engine says that a container ended for want of memory; default: it does not say.</summary>
    Task<bool> EndedForMemoryAsync(string containerId, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Runs a container's own health check once, now. True when it passes or there is none.</summary>
    Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>
    /// Says of containers of a release, each once, that it accepts connections to a port, as soon as it does; without a
    /// process in the container, and without an end where one never does. A place that cannot tell says nothing.
    /// </summary>
    /// <param name="ports">By container.</param>
    /// <returns>Their IDs.</returns>
    IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Asks a container of a release from outside, over the network that it shares with the edge; takes 5 s at most,
    /// and what starting a process takes.
    /// </summary>
    /// <returns>Null: it does its work; else why not, to follow its name.</returns>
    Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken);

    /// <summary>
    /// Asks a release by HTTP, by a way that nobody else has: for its smoke tests. Redirects are not followed, cookies not
    /// kept.
    /// </summary>
    /// <exception cref="Running.StepFailedException">There is no answer; why, to follow the place's name.</exception>
    Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>What a container said, without the secrets that it was given; default: as it is.</summary>
    Task<string> MaskAsync(string containerId, string text, CancellationToken cancellationToken) =>
        Task.FromResult(text);

    /// <summary>
    /// The last lines of both its streams, standard error behind standard output; empty where the engine gives no log.
    /// </summary>
    Task<ImmutableArray<string>> ReadLogAsync(string containerId, int lines, CancellationToken cancellationToken);

    /// <summary>
    /// The lines of both its streams in the order in which the engine got them; nothing of one that is gone, and by default
    /// nothing at all.
    /// </summary>
    /// <exception cref="Running.StepFailedException">The engine keeps no log that can be read, or broke off.</exception>
    IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        CancellationToken cancellationToken
    ) => AsyncEnumerable.Empty<LoggedLine>();

    /// <summary>
    /// The environment of a container as `NAME=value`, for what may not be shown of it; default, and where it is gone:
    /// empty.
    /// </summary>
    Task<ImmutableArray<string>> ReadVariablesAsync(string containerId, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<string>.Empty);
}
