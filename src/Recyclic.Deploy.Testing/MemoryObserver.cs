namespace Recyclic.Deploy.Testing;

/// <summary>Says what a <see cref="MemoryCluster"/> has.</summary>
internal sealed class MemoryObserver(MemoryCalls calls) : IHostObserver
{
    private readonly MemoryCluster _cluster = calls.Cluster;

    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        calls.AskAsync(
            "facts",
            () => new EngineFacts("29.0.0", new(1, 52), "amd64", "linux", new(2, 40), _cluster.IsLocal),
            cancellationToken
        );

    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) =>
        calls.AskAsync(
            "observe",
            () =>
            {
                var seen = _cluster.Observe(app);
                _cluster.Change("time passes", _cluster.Pass);
                return seen;
            },
            cancellationToken
        );

    public Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken) =>
        calls.AskAsync<IReadOnlyCollection<string>>("applications", () => [], cancellationToken);

    public Task<ImmutableDictionary<string, long>> ReadMemoryUsesAsync(
        IEnumerable<string> containers,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "memory",
            () =>
                _cluster
                    .Containers.Where(one =>
                        containers.Contains(one.Id) && _cluster.MemoryUses.ContainsKey(one.Service)
                    )
                    .ToImmutableDictionary(one => one.Id, one => _cluster.MemoryUses[one.Service]),
            cancellationToken
        );

    public Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "ports",
            () =>
                (
                    from port in ports.Distinct()
                    let number = port.Split('/')[0].Split(':')[^1]
                    where _cluster.TakenPorts.ContainsKey(number)
                    select $"port {number} is published by the container {_cluster.TakenPorts[number]}"
                ).ToImmutableArray(),
            cancellationToken
        );

    public Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "volumes",
            () =>
                names.Select(_cluster.Volumes.Find).OfType<VolumeFacts>().ToImmutableDictionary(volume => volume.Name),
            cancellationToken
        );

    public Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "paths",
            () => paths.Where(_cluster.AbsentPaths.Contains).ToImmutableHashSet(),
            cancellationToken
        );
}
