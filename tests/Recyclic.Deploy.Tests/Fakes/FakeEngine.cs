using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>The engine of a <see cref="FakeCluster"/> as one process reaches it.</summary>
internal sealed class FakeEngine(FakeCluster cluster, FakeProcess process, string model)
    : IHostObserver,
        IComposeFiles,
        IImageStore,
        IReleaseHost,
        IHealthSource,
        IAccessoryHost,
        IEdgeHost
{
    private string EdgeId => cluster.Shared is null ? "edge-id" : $"{Given.App(model).Name}/edge-id";

    private volatile ChannelReader<ContainerEvent>? _told;

    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        process.CallAsync(
            "facts",
            () => new EngineFacts("29.0.0", new(1, 52), "amd64", "linux", new(2, 40), cluster.IsLocal),
            cancellationToken
        );

    public Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "compose",
            () =>
                Given.ComposeOf(model, tag?.Value) with
                {
                    Files = new ReleaseFiles(cluster.Files) { Key = $"key of {cluster.Files.Length}" },
                },
            cancellationToken
        );

    public Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "images",
            () =>
                references
                    .Where(reference => !cluster.RemovedImages.Contains(reference))
                    .ToImmutableDictionary(
                        reference => reference,
                        reference => new ImageFacts(
                            reference,
                            reference.StartsWith("sha256:", StringComparison.Ordinal)
                                ? reference
                                : "sha256:" + reference["team/".Length..].Replace(':', '-'),
                            "amd64",
                            "linux"
                        )
                        {
                            Volumes = cluster.Volumes.DeclaredBy(reference),
                            HealthCheck = cluster.ImageChecks.GetValueOrDefault(reference),
                        }
                    ),
            cancellationToken
        );

    public Task<string?> PullAsync(string reference, CancellationToken cancellationToken) =>
        process.CallAsync<string?>("pull", () => "not found", cancellationToken);

    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        process.CallAsync(
            "observe",
            () =>
            {
                var seen = cluster.Observe(app);
                cluster.Change("time passes", cluster.Pass);
                return seen;
            },
            cancellationToken
        );

    public Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken) =>
        process.CallAsync<IReadOnlyCollection<string>>("applications", () => [], cancellationToken);

    public Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    ) => process.CallAsync("ports", () => ImmutableArray<string>.Empty, cancellationToken);

    public Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            $"{(start ? "start" : "create")} accessories {string.Join(",", services)}",
            () =>
                cluster.Accessories.AddRange(
                    services
                        .Except(cluster.Accessories.Select(container => container.Service))
                        .Select(service => Given.Accessory(app, service) with { Networks = [$"{app.Name}_default"] })
                ),
            cancellationToken
        );

    public Task RemoveAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            "remove accessories",
            () => cluster.Accessories.RemoveAll(container => services.Contains(container.Service)),
            cancellationToken
        );

    public Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken)
    {
        var naming = new Naming(app.Name);
        string[] networks = [naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)];
        return ChangeAsync(
            "connect",
            cancellationToken,
            [
                () => cluster.Networks.UnionWith(naming.Networks),
                .. networks.SelectMany(network =>
                    new Action[]
                    {
                        () =>
                        {
                            for (var i = 0; i < cluster.Accessories.Count; i++)
                                if (accessories.Contains(cluster.Accessories[i].Service))
                                    cluster.Accessories[i] = cluster.Accessories[i] with
                                    {
                                        Networks = [.. cluster.Accessories[i].Networks.Union([network])],
                                    };
                        },
                        () =>
                            cluster.Edge = cluster.Edge.Exists
                                ? cluster.Edge with
                                {
                                    Networks = [.. cluster.Edge.Networks.Union([network])],
                                }
                                : cluster.Edge,
                    }
                ),
            ]
        );
    }

    public async Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken)
    {
        await ChangeAsync("remove networks", cluster.Networks.Clear, cancellationToken);
        return [];
    }

    public Task ReconnectAsync(string app, CancellationToken cancellationToken) =>
        ChangeAsync(
            "reconnect",
            () =>
            {
                var naming = new Naming(app);
                if (naming.Networks.Where(cluster.Networks.Contains).Except(cluster.Edge.Networks).Any())
                    cluster.Edge = cluster.Edge with
                    {
                        Networks = [.. cluster.Edge.Networks.Union(naming.Networks.Where(cluster.Networks.Contains))],
                    };
                else
                    cluster.Nameless.Clear();
            },
            cancellationToken
        );

    public Task StartEdgeAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        var naming = new Naming(app);
        var isNew = false;
        return ChangeAsync(
            "start edge",
            cancellationToken,
            [
                () =>
                {
                    if (replace)
                        cluster.RemoveEdge();
                    if (naming.Networks.Except(cluster.Networks).FirstOrDefault() is { } missing)
                        throw new EngineException($"network {missing} not found");
                    isNew = !cluster.Edge.Exists;
                    if (isNew)
                        cluster.Edge = new EdgeState(
                            true,
                            false,
                            "",
                            configuration.Ports,
                            "edge:1",
                            [naming.Networks[0]]
                        )
                        {
                            Id = EdgeId,
                        };
                },
                // Only one that was just made is connected here: what is there already is taken as it is.
                .. naming
                    .Networks.Skip(1)
                    .Select(slot =>
                        (Action)(
                            () =>
                                cluster.Edge = isNew
                                    ? cluster.Edge with
                                    {
                                        Networks = [.. cluster.Edge.Networks, slot],
                                    }
                                    : cluster.Edge
                        )
                    ),
                cluster.StartEdge,
            ]
        );
    }

    public Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) =>
        ChangeAsync("remove edge", cluster.RemoveEdge, cancellationToken);

    public Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "volumes",
            () => names.Select(cluster.Volumes.Find).OfType<VolumeFacts>().ToImmutableDictionary(volume => volume.Name),
            cancellationToken
        );

    public Task StartOneOffAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    ) =>
        UpAsync(
            app,
            slot,
            release,
            volumes,
            $"run {service} in {slot.Name()}",
            container => container.Service == service,
            container => container.Service == service,
            cancellationToken
        );

    public Task StartReleaseAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    ) =>
        UpAsync(
            app,
            slot,
            release,
            volumes,
            $"start {release.Tag} in {slot.Name()}",
            _ => true,
            container => container.IsGated,
            cancellationToken
        );

    /// <summary>Compose leaves a container that is there as it is (`--no-recreate`), whatever its image.</summary>
    private Task UpAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        string what,
        Func<Container, bool> isWanted,
        Func<Container, bool> isStarted,
        CancellationToken cancellationToken
    )
    {
        var files = new Naming(app.Name).FilesVolume(release.Id);
        var wanted = Given
            .Containers(app, slot, release, "created", "starting")
            .Where(isWanted)
            .Select(container =>
                container with
                {
                    Mounts =
                    [
                        .. cluster.Volumes.MountsOf(app, container, volumes),
                        .. app
                            .Files.Travelling.Where(file => file.Service == container.Service)
                            .Select(file => new Mount("volume", files, file.Target, false)),
                    ],
                }
            )
            .Select(container => cluster.Shared is null ? container : SharedHost.Made(app.Name, container))
            .ToList();
        return ChangeAsync(
            what,
            cancellationToken,
            [
                .. volumes.Select(volume =>
                    (Action)(() => cluster.Volumes.Create(volume.Name, volume.LabelsFor(app.Name)))
                ),
                .. app.Files.IsEmpty
                    ? []
                    : new Action[]
                    {
                        () => cluster.Volumes.CreateFiles(app, files, release.Id),
                        () => cluster.Volumes.Fill(app.Files, files),
                    },
                .. wanted.Select(container => (Action)(() => cluster.Create(container))),
                .. wanted.Where(isStarted).Select(container => (Action)(() => cluster.Start(container.Name))),
            ]
        );
    }

    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        return ChangeAsync(
            $"start {string.Join(",", all)}",
            cancellationToken,
            [
                .. all.Select(id =>
                    (Action)(
                        () =>
                        {
                            if (id != EdgeId)
                                cluster.StartExisting(id);
                            else if (cluster.Edge.Exists)
                                cluster.StartEdge();
                            else
                                throw new EngineException($"No such container: {id}");
                        }
                    )
                ),
            ]
        );
    }

    public Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        return ChangeAsync(
            $"stop {string.Join(",", all)}",
            cancellationToken,
            [.. all.Select(id => (Action)(() => cluster.StopExisting(id)))]
        );
    }

    public Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken) =>
        ChangeAsync(
            $"remove {slot.Name()}",
            cancellationToken,
            [
                .. (cluster.Shared?.Observe(app)[slot].Containers ?? cluster.Of(slot)).Select(container =>
                    (Action)(() => (cluster.Shared?.ClusterOf(container.Id) ?? cluster).Remove(container.Id))
                ),
            ]
        );

    public Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        ChangeAsync(
            "remove files",
            cancellationToken,
            [
                .. cluster
                    .Volumes.FilesBeyond(keep, cluster.Containers)
                    .Select(name => (Action)(() => cluster.Volumes.Lose(name))),
            ]
        );

    public Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "paths",
            () => paths.Where(cluster.AbsentPaths.Contains).ToImmutableHashSet(),
            cancellationToken
        );

    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            "set restarts",
            cancellationToken,
            [
                .. serving.Select(container =>
                    (Action)(() => cluster.SetRestart(container.Id, container.Label(Naming.RestartLabel)!))
                ),
                .. idle.Select(container => (Action)(() => cluster.SetRestart(container.Id, "no"))),
            ]
        );

    public Task<ImmutableArray<string>> RemoveImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var all = references.ToList();
        return process.CallAsync(
            "remove images",
            () =>
            {
                var refused = ImmutableArray<string>.Empty;
                cluster.Change(
                    "remove images",
                    () =>
                        refused = [
                            .. all.Where(reference => !cluster.RemoveImage(reference))
                                .Select(reference => $"image {reference} stays: a container uses it"),
                        ]
                );
                return refused;
            },
            cancellationToken
        );
    }

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var events = cluster.Listen(since);
        try
        {
            _told = events;
            process.NowListens();
            while (await events.WaitToReadAsync(cancellationToken))
            while (events.TryPeek(out var happened))
            {
                yield return happened;
                events.TryRead(out _);
            }
        }
        finally
        {
            _told = null;
        }
    }

    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        process.CallAsync<Probe?>("read probe", () => new Probe(false, Given.Noon, "503"), cancellationToken);

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken) =>
        process.CallAsync(
            "probe",
            () =>
            {
                var healthy = true;
                cluster.Change($"probe {containerId}", () => healthy = cluster.Probe(containerId));
                return healthy;
            },
            cancellationToken
        );

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        process.CallAsync(
            "ask",
            () =>
            {
                cluster.Change("time passes", cluster.Pass);
                return cluster.Ask(containerId, probe);
            },
            cancellationToken
        );

    public Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "log",
            () =>
                ImmutableArray.Create(
                    cluster.Says.GetValueOrDefault(
                        cluster.Containers.Find(container => container.Id == containerId)?.Image ?? "",
                        $"{containerId} says good-bye"
                    )
                ),
            cancellationToken
        );

    public async IAsyncEnumerable<string> FollowEdgeLogAsync(
        string app,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    private Task ChangeAsync(string what, Action change, CancellationToken cancellationToken) =>
        ChangeAsync(what, cancellationToken, change);

    /// <summary>
    /// Returns only when the process has heard of what the change did: so a test does not hang on who is faster.
    /// </summary>
    private async Task ChangeAsync(string what, CancellationToken cancellationToken, params Action[] parts)
    {
        await process.CallAsync(
            what,
            [.. parts.Select(part => (Action)(() => cluster.Change(what, part)))],
            cancellationToken
        );
        while (_told is { } told && told.TryPeek(out _))
            await Task.Yield();
    }
}
