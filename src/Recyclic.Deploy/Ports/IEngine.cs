using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <param name="Version">As the engine writes it; not always a number.</param>
/// <param name="ApiVersion">The newest that it speaks.</param>
/// <param name="Architecture">As the engine names it, for example `amd64`.</param>
/// <param name="OperatingSystem">For example `linux`.</param>
/// <param name="ComposeVersion">That of the plugin on this machine.</param>
/// <param name="IsLocal">Whether the engine runs on this machine and sees its files.</param>
public sealed record EngineFacts(string Version, Version ApiVersion, string Architecture, string OperatingSystem, Version ComposeVersion, bool IsLocal);

/// <summary>An image that is in the engine's store.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="Id">Its content, `sha256:…`, as this engine names it.</param>
/// <param name="Architecture">As the engine names it, for example `amd64`.</param>
/// <param name="OperatingSystem">For example `linux`.</param>
public sealed record ImageFacts(string Reference, string Id, string Architecture, string OperatingSystem)
{
    /// <summary>The paths that it declares by VOLUME.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Its own health check; null: it has none.</summary>
    public HealthCheck? HealthCheck { get; init; }
}

/// <summary>What happened to a container.</summary>
public enum ContainerEventKind
{
    /// <summary>Also again, after it had ended.</summary>
    Started,

    /// <summary>Whatever its exit code.</summary>
    Died,

    /// <summary>Something in it was killed for want of memory; it may run on.</summary>
    OutOfMemory,

    /// <summary>Its health check passes from now on.</summary>
    Healthy,

    /// <summary>Its health check has failed as often as it may.</summary>
    Unhealthy,

    /// <summary>Its health check has run once; how it went is to be read.</summary>
    Probed,

    /// <summary>It was asked from outside and does its work.</summary>
    Answered,

    /// <summary>It was asked from outside and does not.</summary>
    Silent,
}

/// <param name="ContainerId">All 64 digits.</param>
/// <param name="Name">Without a slash.</param>
/// <param name="Service">The compose service.</param>
/// <param name="Slot">Null: it is not of a release.</param>
/// <param name="Kind">What happened.</param>
/// <param name="ExitCode">Of one that died or was probed; else 0.</param>
/// <param name="At">When the engine says it happened.</param>
public sealed record ContainerEvent(string ContainerId, string Name, string Service, Slot? Slot, ContainerEventKind Kind, int ExitCode, DateTimeOffset At)
{
    /// <summary>Of a silent one: why, to follow its name.</summary>
    public string Why { get; init; } = "";
}

/// <summary>The last health probe of a container.</summary>
/// <param name="Passed">Whether its exit code was 0.</param>
/// <param name="EndedAt">By the engine's clock.</param>
/// <param name="Output">What it printed, as much of it as the engine keeps.</param>
public sealed record Probe(bool Passed, DateTimeOffset EndedAt, string Output);

/// <summary>
/// The container engine of one host, called by the step executor only. Every call may be repeated: starting what runs,
/// stopping what is stopped and removing what is gone succeed.
/// </summary>
public interface IEngine
{
    /// <exception cref="ConfigurationException">The engine does not answer or is too old; says how to mend it.</exception>
    Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken);

    /// <summary>The team's compose model. Not a change.</summary>
    /// <param name="tag">Null: the release has no name yet.</param>
    Task<ComposeModel> ReadComposeAsync(string file, string? project, ReleaseTag? tag, string? registry, CancellationToken cancellationToken);

    /// <summary>The images that are present, by the reference asked for; absent ones are left out.</summary>
    Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken);

    /// <summary>Pulls an image. Returns null, or why it cannot be had.</summary>
    Task<string?> PullAsync(string reference, CancellationToken cancellationToken);

    /// <summary>The host's containers and networks of an application, with what the lock holder knows filled in later.</summary>
    Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken);

    /// <summary>The names of all applications that this host has records of.</summary>
    Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken);

    /// <summary>Who holds host ports that the edge wants, one sentence each; empty: all are free.</summary>
    Task<ImmutableArray<string>> FindPortHoldersAsync(string app, IEnumerable<string> ports, CancellationToken cancellationToken);

    /// <summary>Has compose start them with what they depend on, as the team's file has them; a container that exists is not made anew.</summary>
    /// <param name="start">False: their containers are made, and not started.</param>
    Task StartAccessoriesAsync(Application app, ImmutableArray<string> services, bool start, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="StartAccessoriesAsync"/> has made in this process: containers, volumes and networks. What was there before stays.</summary>
    Task RemoveAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken);

    /// <summary>Makes the networks that are missing, and puts the accessories, and the edge that is there, on both slots'.</summary>
    Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken);

    /// <summary>Removes the networks that Recyclic made for an application. Returns why one stays, a sentence each.</summary>
    Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken);

    /// <summary>Connects the edge to the slots' networks that it is not on; where it is on all, disconnects and connects each running container of the application, under the names that it has there.</summary>
    Task ReconnectAsync(string app, CancellationToken cancellationToken);

    /// <summary>Makes the edge, or starts the one that is there.</summary>
    /// <param name="replace">Whether one that is there is removed first, for about a second without service.</param>
    Task StartEdgeAsync(string app, EdgeConfiguration configuration, bool replace, CancellationToken cancellationToken);

    /// <summary>Removes the edge's container. The records of the application stay.</summary>
    Task RemoveEdgeAsync(string app, CancellationToken cancellationToken);

    /// <summary>By name, those of these volumes that are on the host.</summary>
    Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(IEnumerable<string> names, CancellationToken cancellationToken);

    /// <summary>Creates and starts a one-off of a release, and of its other services those that it waits for. Returns before it has ended.</summary>
    /// <param name="volumes">Where its services keep what they write; made where they are not there.</param>
    Task StartOneOffAsync(Application app, Slot slot, Release release, string service, ImmutableArray<DataVolume> volumes, TimeSpan? healthCheckInterval, CancellationToken cancellationToken);

    /// <summary>Creates and starts a release's containers, but only creates those of exclusive services and of one-offs.</summary>
    /// <param name="volumes">Where its services keep what they write; made where they are not there.</param>
    Task StartReleaseAsync(Application app, Slot slot, Release release, ImmutableArray<DataVolume> volumes, TimeSpan? healthCheckInterval, CancellationToken cancellationToken);

    /// <summary>Starts containers that exist. Returns before they are healthy.</summary>
    Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken);

    /// <summary>Asks them to end, each with its own stop signal and patience, all side by side.</summary>
    Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken);

    /// <summary>Removes all containers of a slot. Their volumes stay, but for those of containers that renew theirs.</summary>
    Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken);

    /// <summary>Sets each container's restart policy: its own while it serves, none while it is idle.</summary>
    Task SetRestartsAsync(IEnumerable<Container> serving, IEnumerable<Container> idle, CancellationToken cancellationToken);

    /// <summary>Returns why an image stays, a sentence each: another one may use it.</summary>
    Task<ImmutableArray<string>> RemoveImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken);

    /// <summary>The container events of an application from now on, until cancelled.</summary>
    IAsyncEnumerable<ContainerEvent> WatchAsync(string app, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Null: it has no health check, has not been probed yet, or is gone.</summary>
    Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Runs a container's own health check once, now. True when it passes or there is none.</summary>
    Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>Asks a container of a release from outside, over the network that it shares with the edge; takes 5 s at most, and what starting a process takes.</summary>
    /// <returns>Null: it does its work; else why not, to follow its name.</returns>
    Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken);

    /// <summary>The last lines of both its streams, standard error behind standard output; empty where the engine gives no log.</summary>
    Task<ImmutableArray<string>> ReadLogAsync(string containerId, int lines, CancellationToken cancellationToken);

    /// <summary>The edge's log lines from now on, until cancelled.</summary>
    IAsyncEnumerable<string> FollowEdgeLogAsync(string app, CancellationToken cancellationToken);
}
