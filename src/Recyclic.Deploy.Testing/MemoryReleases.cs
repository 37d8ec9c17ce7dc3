using System.Globalization;

namespace Recyclic.Deploy.Testing;

/// <summary>Runs releases on a <see cref="MemoryCluster"/>.</summary>
internal sealed class MemoryReleases(MemoryCalls calls) : IReleaseHost
{
    private readonly MemoryCluster _cluster = calls.Cluster;

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
        UpAsync(
            app,
            slot,
            release,
            volumes,
            $"run {service} in {slot.Name()}",
            container => container.Service == service && IsAmong(container, replicas),
            container => container.Service == service,
            cancellationToken
        );

    /// <summary>Compose numbers the containers of a service from 1.</summary>
    private static bool IsAmong(Container container, int? replicas) =>
        replicas is not { } count
        || int.Parse(container.Name[(container.Name.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) <= count;

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
        var wanted = MemoryContainers
            .Of(app, slot, release, "created", "starting")
            .Where(isWanted)
            .Select(container =>
                container with
                {
                    Mounts =
                    [
                        .. _cluster.Volumes.MountsOf(app, container, volumes),
                        .. app
                            .Files.Travelling.Where(file => file.Service == container.Service)
                            .Select(file => new Mount("volume", files, file.Target, false)),
                    ],
                }
            )
            .Select(container => _cluster.Shared is null ? container : SharedHost.Made(app.Name, container))
            .ToList();
        return calls.ChangeAsync(
            what,
            cancellationToken,
            [
                .. volumes.Select(volume =>
                    (Action)(() => _cluster.Volumes.Create(volume.Name, volume.LabelsFor(app.Name)))
                ),
                .. app.Files.IsEmpty
                    ? []
                    : new Action[]
                    {
                        () => _cluster.Volumes.CreateFiles(app, files, release.Id),
                        () => _cluster.Volumes.Fill(app.Files, files),
                    },
                .. wanted.Select(container => (Action)(() => _cluster.Create(container))),
                .. wanted.Where(isStarted).Select(container => (Action)(() => _cluster.Start(container.Name))),
            ]
        );
    }

    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        EachAsync("start", ids, _cluster.StartEdge, _cluster.StartExisting, cancellationToken);

    public Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        EachAsync("stop", ids, _cluster.StopEdge, _cluster.StopExisting, cancellationToken);

    private Task EachAsync(
        string what,
        IEnumerable<string> ids,
        Action edge,
        Action<string> other,
        CancellationToken cancellationToken
    )
    {
        var all = ids.ToList();
        return calls.ChangeAsync(
            $"{what} {string.Join(",", all)}",
            cancellationToken,
            [
                .. all.Select(id =>
                    (Action)(
                        () =>
                        {
                            if (_cluster.Edge.Exists && id == _cluster.Edge.Id)
                                edge();
                            else
                                other(id);
                        }
                    )
                ),
            ]
        );
    }

    public Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            $"remove {slot.Name()}",
            cancellationToken,
            [
                .. (_cluster.Shared?.Observe(app)[slot].Containers ?? _cluster.Of(slot)).Select(container =>
                    (Action)(() => (_cluster.Shared?.ClusterOf(container.Id) ?? _cluster).Remove(container.Id))
                ),
            ]
        );

    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            "set restarts",
            cancellationToken,
            [
                .. serving.Select(container =>
                    (Action)(() => _cluster.SetRestart(container.Id, container.Label(Naming.RestartLabel)!))
                ),
                .. idle.Select(container => (Action)(() => _cluster.SetRestart(container.Id, "no"))),
            ]
        );

    public Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "remove files",
            cancellationToken,
            [
                .. _cluster
                    .Volumes.FilesBeyond(keep, _cluster.Containers)
                    .Select(name => (Action)(() => _cluster.Volumes.Lose(name))),
            ]
        );
}
