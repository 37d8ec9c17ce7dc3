using System.Collections.Immutable;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Acme;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// One Docker engine in all its roles; each is played by a class of its own. What changes something is a docker command
/// that a person could type; what only reads goes by the API.
/// </summary>
public sealed partial class DockerEngine
    : IHostObserver,
        IComposeFiles,
        IImageStore,
        IReleaseHost,
        IHealthSource,
        IAccessoryHost,
        IEdgeHost,
        IDisposable
{
    private readonly DockerHost _host;
    private readonly bool _isLocal;
    private readonly EngineReader _engine;
    private readonly ComposeCli _compose;
    private readonly FileVolumes _files;
    private readonly DockerImages _images;
    private readonly DockerReleases _releases;
    private readonly DockerHealth _health;
    private readonly AccessoryKeeper _accessories;
    private readonly AdoptedKeeper _adopted;
    private readonly DockerNetworks _networks;
    private readonly DockerEdge _edge;
    private readonly EdgeLog _log;
    private readonly AcmeImage _acmeImage;
    private readonly AcmeClient _acme;
    private readonly DoorKeeper _doors;
    private readonly GateKeeper _gates;
    private readonly Reconnection _reconnection;

    /// <param name="settings">How compose files are read; default: as compose reads one file.</param>
    /// <param name="logIn">Called before each pull, for whoever has to log in first; default: nobody.</param>
    public DockerEngine(DockerCli docker, ComposeSettings? settings = null, Func<Task>? logIn = null)
    {
        var host = _host = new DockerHost(docker);
        _isLocal = docker.Setting.IsLocal;
        _engine = new EngineReader(docker, host.Client);
        _compose = new ComposeCli(docker, settings);
        _files = new FileVolumes(host.Changes, host.Client, _engine, host.Reader);
        _images = new DockerImages(host.Changes, host.Client, logIn);
        _releases = new DockerReleases(host.Changes, host.Objects, host.Records, host.Reader, _files);
        _health = new DockerHealth(docker, host.Changes, host.Client, host.Reader);
        _adopted = new AdoptedKeeper(host.Changes);
        _accessories = new AccessoryKeeper(host.Changes, host.Client, host.Records, host.Reader, _files);
        _networks = new DockerNetworks(host.Changes, host.Records, host.Reader);
        _log = new EdgeLog(docker, host.Reader);
        _edge = new DockerEdge(host.Changes, host.Records, host.Reader, _log);
        _acmeImage = new AcmeImage(docker, host.Client, host.Changes);
        _acme = new AcmeClient(host.Changes, host.Records, _acmeImage);
        _gates = new GateKeeper(host.Changes, host.Records, host.Reader, _edge);
        _doors = new DoorKeeper(host.Changes, host.Records, host.Reader);
        _reconnection = new Reconnection(host.Changes, host.Client, host.Records, host.Reader);
    }

    internal DockerHost Host => _host;

    /// <summary>The same engine's API, for questions that no role asks.</summary>
    public EngineClient Client => _host.Client;

    /// <inheritdoc/>
    public async Task<HostCounts> CountAsync(CancellationToken cancellationToken)
    {
        var info = await _host.Client.ReadInfoAsync(cancellationToken);
        return new HostCounts((int)info.ContainersRunning, (int)info.Images) { Memory = info.MemTotal };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Neighbour>> FindNeighboursAsync(
        ApplicationIdentity identity,
        IHostLock hostLock,
        CancellationToken cancellationToken
    ) => Neighbours.FindAsync(_host.Client, hostLock, identity, _isLocal, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableHashSet<string>> ReadPlainRegistriesAsync(CancellationToken cancellationToken) =>
        [
            .. (
                (await _host.Client.ReadInfoAsync(cancellationToken)).RegistryConfig?.IndexConfigs
                ?? new Dictionary<string, IndexInfo>()
            )
                .Where(entry => !entry.Value.Secure)
                .Select(entry => entry.Key),
        ];

    /// <inheritdoc/>
    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        _engine.ReadFactsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        _host.Reader.ObserveAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken) =>
        _host.Records.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, long>> ReadMemoryUsesAsync(
        IEnumerable<string> containers,
        CancellationToken cancellationToken
    ) => _engine.ReadMemoryUsesAsync(containers, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    ) => _engine.FindPortHoldersAsync(app, ports, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    ) => _host.Reader.ReadVolumesAsync(names, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) => _files.FindAbsentAsync(paths, image, cancellationToken);

    /// <inheritdoc/>
    public Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    ) => _compose.ReadAsync(file, project, tag, registry, cancellationToken);

    /// <inheritdoc/>
    public Task<string> ReadNameAsync(
        string file,
        string? project,
        string? registry,
        CancellationToken cancellationToken
    ) => _compose.ReadNameAsync(file, project, registry, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) => _images.InspectAsync(references.Distinct(), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> PullAsync(string reference, CancellationToken cancellationToken) =>
        _images.PullAsync(reference, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> RemoveImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) => _images.RemoveAsync(references, cancellationToken);

    /// <inheritdoc/>
    public Task StartReleaseAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    ) => _releases.StartAsync(app, slot, release, volumes, healthCheckInterval, cancellationToken);

    /// <inheritdoc/>
    public Task StartServiceAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        int? replicas,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    ) =>
        _releases.StartServiceAsync(
            app,
            slot,
            release,
            service,
            replicas,
            volumes,
            healthCheckInterval,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task StartCommandAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        ImmutableArray<string> command,
        CancellationToken cancellationToken
    ) => _releases.StartCommandAsync(app, slot, release, service, command, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveCommandAsync(string app, Slot slot, CancellationToken cancellationToken) =>
        _releases.RemoveCommandAsync(app, slot, cancellationToken);

    /// <inheritdoc/>
    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        _releases.StartContainersAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        _releases.StopContainersAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken) =>
        _releases.RemoveAsync(app, slot, cancellationToken);

    /// <inheritdoc/>
    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    ) => _releases.SetRestartsAsync(serving, idle, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        _releases.RemoveFilesAsync(app, keep, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) => _health.WatchAsync(app, since, cancellationToken);

    /// <inheritdoc/>
    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        _health.ReadProbeAsync(containerId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> EndedForMemoryAsync(string containerId, CancellationToken cancellationToken) =>
        _health.EndedForMemoryAsync(containerId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken) =>
        _health.ProbeNowAsync(containerId, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => _health.WatchListeningAsync(ports, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        _health.AskAsync(containerId, probe, cancellationToken);

    /// <inheritdoc/>
    public Task<HttpAnswer> AskAsync(SmokePlace place, HttpQuestion question, CancellationToken cancellationToken) =>
        _health.AskAsync(place, question, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    ) => _health.ReadLogAsync(containerId, lines, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        CancellationToken cancellationToken
    ) => _health.ReadLogAsync(containerId, question, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> ReadVariablesAsync(string containerId, CancellationToken cancellationToken) =>
        _health.ReadVariablesAsync(containerId, cancellationToken);

    /// <inheritdoc/>
    public Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    ) => _accessories.StartAsync(app, services, start, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) => _accessories.RemoveAsync(app, services, cancellationToken);

    /// <inheritdoc/>
    public Task StopAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) => _adopted.StopAsync(app, containers, cancellationToken);

    /// <inheritdoc/>
    public Task StartAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) => _adopted.StartAsync(app, containers, cancellationToken);

    /// <inheritdoc/>
    public Task ConnectAsync(
        Application app,
        ImmutableArray<string> accessories,
        CancellationToken cancellationToken
    ) => _networks.ConnectAsync(app, accessories, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken) =>
        _networks.RemoveAsync(app, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _host.Client.Dispose();
}
