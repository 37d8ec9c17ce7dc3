using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// One Docker engine. What changes something is a docker command that a person could type; what only reads goes by the
/// API.
/// </summary>
public sealed class DockerEngine
    : IHostObserver,
        IComposeFiles,
        IImageStore,
        IReleaseHost,
        IHealthSource,
        IAccessoryHost,
        IEdgeHost,
        IDisposable
{
    private readonly DockerCli _docker;
    private readonly Func<Task>? _logIn;
    private readonly EngineClient _client;
    private readonly ComposeCli _compose;
    private readonly AppRecords _records;
    private readonly HostReader _reader;
    private readonly AccessoryKeeper _accessories;
    private readonly FileVolumes _files;

    /// <param name="settings">How compose files are read; default: as compose reads one file.</param>
    /// <param name="logIn">Called before each pull, for whoever has to log in first; default: nobody.</param>
    public DockerEngine(DockerCli docker, ComposeSettings? settings = null, Func<Task>? logIn = null)
    {
        (_docker, _logIn) = (docker, logIn);
        _client = new EngineClient(docker);
        _compose = new ComposeCli(docker, settings);
        var images = new ImageLabels(_client);
        _records = new AppRecords(docker, _client, images);
        _reader = new HostReader(_client, _records, images);
        _files = new FileVolumes(docker, _client, _reader);
        _accessories = new AccessoryKeeper(docker, _client, _compose, _reader);
    }

    /// <summary>The same engine's API, for questions that no role asks.</summary>
    public EngineClient Client => _client;

    /// <inheritdoc/>
    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        new EngineReader(_docker, _client).ReadFactsAsync(cancellationToken);

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
    public async Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(
            references.Select(async reference =>
                (reference, image: await _client.FindImageAsync(reference, cancellationToken))
            )
        );
        return found
            .Where(entry => entry.image is not null)
            .ToImmutableDictionary(
                entry => entry.reference,
                entry => new ImageFacts(
                    entry.reference,
                    entry.image!.ID ?? "",
                    entry.image.Architecture ?? "",
                    entry.image.Os ?? ""
                )
                {
                    Volumes = EngineAnswers.ImageVolumes(entry.image),
                    HealthCheck = EngineAnswers.HealthCheck(entry.image),
                    User = entry.image.Config?.User ?? "",
                }
            );
    }

    /// <inheritdoc/>
    public async Task<string?> PullAsync(string reference, CancellationToken cancellationToken)
    {
        if (reference.StartsWith("sha256:", StringComparison.Ordinal))
            return "its content is no longer on the host";
        if (_logIn is not null)
            await _logIn();
        var result = await _docker.TryChangeAsync(
            ["pull", "--quiet", reference],
            cancellationToken,
            timeout: TimeSpan.FromMinutes(10)
        );
        return result.Succeeded
            ? null
            : result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()
                ?? "the pull failed";
    }

    /// <inheritdoc/>
    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        _reader.ObserveAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken) =>
        _records.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<HostCounts> CountAsync(CancellationToken cancellationToken)
    {
        var info = await _client.ReadInfoAsync(cancellationToken);
        return new HostCounts((int)info.ContainersRunning, (int)info.Images);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Neighbour>> FindNeighboursAsync(
        ApplicationIdentity identity,
        IHostLock hostLock,
        CancellationToken cancellationToken
    ) => Neighbours.FindAsync(_client, hostLock, identity, _docker.Setting.IsLocal, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableHashSet<string>> ReadPlainRegistriesAsync(CancellationToken cancellationToken) =>
        [
            .. (
                (await _client.ReadInfoAsync(cancellationToken)).RegistryConfig?.IndexConfigs
                ?? new Dictionary<string, IndexInfo>()
            )
                .Where(entry => !entry.Value.Secure)
                .Select(entry => entry.Key),
        ];

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    ) => new EngineReader(_docker, _client).FindPortHoldersAsync(app, ports, cancellationToken);

    /// <inheritdoc/>
    public async Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    )
    {
        var model = SlotModel.ForAccessories(app);
        // One that has its container has its files.
        var there = app.AccessoryFiles.IsEmpty
            ? []
            : (await ObserveAsync(app.Name, cancellationToken)).Accessories.Select(container => container.Service);
        if (app.AccessoryFiles.Of([.. services.Except(there)]) is { IsEmpty: false } files)
            await _files.MountAsync(
                model,
                await _records.EnsureAsync(app.Name, cancellationToken),
                files,
                null,
                cancellationToken
            );
        await _accessories.StartAsync(app, model, services, start, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) => _accessories.RemoveAsync(app, services, cancellationToken);

    /// <inheritdoc/>
    public async Task ConnectAsync(
        Application app,
        ImmutableArray<string> accessories,
        CancellationToken cancellationToken
    )
    {
        var record = await _records.EnsureAsync(app.Name, cancellationToken);
        var now = await ObserveAsync(app.Name, cancellationToken);
        await Task.WhenAll(
            record
                .Naming.Networks.Where(network => !now.Networks.Contains(network))
                .Select(network =>
                    _docker.ChangeAsync(
                        DockerCommands.CreateNetwork(
                            app.Name,
                            network,
                            record.Ownership.Mark(AppRecords.Nonce()),
                            SlotModel.NetworkOptions(app)
                        ),
                        cancellationToken
                    )
                )
        );
        foreach (var network in new[] { record.Naming.SlotNetwork(Slot.Blue), record.Naming.SlotNetwork(Slot.Green) })
        {
            foreach (
                var container in now.Accessories.Where(container =>
                    accessories.Contains(container.Service) && !container.Networks.Contains(network)
                )
            )
                await _docker.ChangeAsync(
                    DockerCommands.Connect(network, container.Id, SlotModel.NamesOf(app.Document, container.Service)),
                    cancellationToken
                );
            if (now.Edge.Exists && !now.Edge.Networks.Contains(network))
                await _docker.ChangeAsync(DockerCommands.Connect(network, now.Edge.Id), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(app, cancellationToken) is not { } record)
            return [];
        var accessories = (await ObserveAsync(app, cancellationToken)).Accessories;
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (
            var network in (await _reader.NetworksAsync(cancellationToken)).Where(network =>
                record.Naming.Networks.Contains(network.Name) && record.Ownership.Owns(network.Labels)
            )
        )
        {
            foreach (var accessory in accessories.Where(container => container.Networks.Contains(network.Name)))
                await _docker.TryChangeAsync(
                    ["network", "disconnect", "--force", network.Id, accessory.Id],
                    cancellationToken
                );
            var removed = await _docker.TryChangeAsync(["network", "rm", network.Id], cancellationToken);
            // A container that somebody else has joined to it is that person's.
            if (!removed.Succeeded && !removed.StandardError.Contains("not found", StringComparison.Ordinal))
                kept.Add($"the network {network.Name} stays: {removed.StandardError.Trim()}");
        }
        return kept.ToImmutable();
    }

    /// <inheritdoc/>
    public Task ReconnectAsync(string app, CancellationToken cancellationToken) =>
        new Reconnection(_docker, _client, _reader).RunAsync(app, cancellationToken);

    /// <inheritdoc/>
    public async Task StartEdgeAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        if (replace)
            await RemoveEdgeAsync(app, cancellationToken);
        var record = await _records.EnsureAsync(app, cancellationToken);
        var edge = (await _reader.FindEdgeAsync(app, cancellationToken))?.Id;
        if (edge is null)
        {
            edge = (
                await _docker.ChangeAsync(
                    EdgeImage.CreateArguments(record.Naming, configuration, record.Ownership.Mark(AppRecords.Nonce())),
                    cancellationToken
                )
            ).StandardOutput.Trim();
            foreach (var network in record.Naming.Networks.Skip(1))
                await _docker.ChangeAsync(DockerCommands.Connect(network, edge), cancellationToken);
        }
        await _docker.ChangeAsync(DockerCommands.Start(edge), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveEdgeAsync(string app, CancellationToken cancellationToken)
    {
        if (await _reader.FindEdgeAsync(app, cancellationToken) is { } edge)
            await _docker.TryChangeAsync(DockerCommands.Remove([edge.Id]), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(names.Select(name => _client.FindVolumeAsync(name, cancellationToken)));
        return found.OfType<VolumeResponse>().Select(EngineAnswers.Volume).ToImmutableDictionary(volume => volume.Name);
    }

    /// <summary>
    /// Makes those that are not there. Docker fills a new one with what the image has at its path, as it does for an
    /// anonymous one.
    /// </summary>
    private async Task CreateVolumesAsync(
        string app,
        ImmutableArray<DataVolume> volumes,
        CancellationToken cancellationToken
    )
    {
        var there = await ReadVolumesAsync(volumes.Select(volume => volume.Name), cancellationToken);
        foreach (var volume in volumes.Where(volume => !there.ContainsKey(volume.Name)))
            await _docker.ChangeAsync(DockerCommands.CreateVolume(app, volume), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartOneOffAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var (project, model) = await ModelAsync(app, slot, release, volumes, healthCheckInterval, cancellationToken);
        await _compose.UpAsync(app, model, project, [service], start: true, dependencies: true, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StartReleaseAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var (project, model) = await ModelAsync(app, slot, release, volumes, healthCheckInterval, cancellationToken);
        var overlapping = app.Overlapping.Select(service => service.Name).ToList();
        var created = app.Exclusives.Concat(app.OneOffs).Select(service => service.Name).ToList();
        await Task.WhenAll(
            overlapping.Count == 0
                ? Task.CompletedTask
                : _compose.UpAsync(
                    app,
                    model,
                    project,
                    overlapping,
                    start: true,
                    dependencies: true,
                    cancellationToken
                ),
            created.Count == 0
                ? Task.CompletedTask
                : _compose.UpAsync(app, model, project, created, start: false, dependencies: false, cancellationToken)
        );
    }

    private async Task<(string Project, System.Text.Json.Nodes.JsonObject Model)> ModelAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var record = await _records.EnsureAsync(app.Name, cancellationToken);
        if (!volumes.IsEmpty)
            await CreateVolumesAsync(app.Name, volumes, cancellationToken);
        var model = SlotModel.ForSlot(
            app,
            slot,
            release,
            healthCheckInterval,
            record.Naming,
            record.Ownership.Mark(AppRecords.Nonce()),
            volumes
        );
        if (!app.Files.IsEmpty)
            await _files.MountAsync(model, record, app.Files, release.Id, cancellationToken);
        return (record.Naming.SlotProject(slot), model);
    }

    /// <inheritdoc/>
    public async Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        if (await _records.FindAsync(app, cancellationToken) is { } record)
            await _files.RemoveAsync(record, keep, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) => _files.FindAbsentAsync(paths, image, cancellationToken);

    /// <inheritdoc/>
    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        Task.WhenAll(ids.Select(id => _docker.ChangeAsync(DockerCommands.Start(id), cancellationToken)));

    /// <inheritdoc/>
    public async Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        if (all.Count > 0)
            await _docker.ChangeAsync(DockerCommands.Stop(all), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken)
    {
        // A compose command that outlived its deployer may still be creating: look again until nothing is left.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var found = (await _reader.OwnAsync(app, cancellationToken))
                .Select(EngineAnswers.Container)
                .Where(container =>
                    container.Label(Naming.RoleLabel) == Naming.ReleaseRole
                    && container.Label(Naming.SlotLabel) == slot.Name()
                )
                .ToList();
            if (found.Count == 0)
                return;
            foreach (
                var removal in DockerCommands.RemoveRelease([
                    .. found.Select(container => (container.Id, container.RenewsVolumes)),
                ])
            )
                await _docker.TryChangeAsync(removal, cancellationToken);
        }
        throw new EngineException(
            $"containers of {slot.Name()} keep appearing; what creates them? See `docker ps -a --filter label={Naming.SlotLabel}={slot.Name()}`"
        );
    }

    /// <inheritdoc/>
    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    )
    {
        var wanted = serving
            .Select(container => (container.Id, Policy: container.Label(Naming.RestartLabel) ?? "unless-stopped"))
            .Concat(idle.Select(container => (container.Id, Policy: "no")));
        return Task.WhenAll(
            wanted
                .GroupBy(entry => entry.Policy)
                .Select(group =>
                    new RestartUpdate(_docker).RunAsync(
                        group.Key,
                        [.. group.Select(entry => entry.Id)],
                        cancellationToken
                    )
                )
        );
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> RemoveImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var reference in references)
        {
            var result = await _docker.TryChangeAsync(DockerCommands.RemoveImage(reference), cancellationToken);
            if (!result.Succeeded && !result.StandardError.Contains("No such image", StringComparison.Ordinal))
                refused.Add($"image {reference} stays: {result.StandardError.Trim()}");
        }
        return refused.ToImmutable();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (
            var message in _client.WatchContainersAsync(
                since,
                ["start", "die", "oom", "health_status", "exec_die"],
                cancellationToken
            )
        )
            if (EngineAnswers.Event(message) is { } happened)
                yield return happened;
    }

    /// <inheritdoc/>
    public async Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        await _client.FindContainerAsync(containerId, cancellationToken) is { } inspected
            ? EngineAnswers.Probe(inspected)
            : null;

    /// <inheritdoc/>
    public async Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken)
    {
        var test = (await _client.FindContainerAsync(containerId, cancellationToken))?.Config?.Healthcheck?.Test ?? [];
        IEnumerable<string> probe = test.ToList() switch
        {
            ["CMD", .. var command] => command,
            // The team's own health check, run as the engine runs it.
            ["CMD-SHELL", var line] => ["/bin/sh", "-c", line],
            _ => [],
        };
        return !probe.Any() || (await _docker.ReadAsync(["exec", containerId, .. probe], cancellationToken)).Succeeded;
    }

    /// <inheritdoc/>
    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        new OutsideAsker(_docker, _client, _reader).AskAsync(containerId, probe, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    )
    {
        var result = await _docker.ReadAsync(
            ["logs", "--tail", lines.ToString(System.Globalization.CultureInfo.InvariantCulture), containerId],
            cancellationToken
        );
        return
        [
            .. (result.StandardOutput + result.StandardError)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .TakeLast(lines),
        ];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> FollowEdgeLogAsync(
        string app,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (await _reader.FindEdgeAsync(app, cancellationToken) is not { } edge)
            yield break;
        await using var logs = _docker.StartStream("logs", "--follow", "--tail", "0", edge.Id);
        await foreach (var line in logs.ReadLinesAsync(cancellationToken))
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
