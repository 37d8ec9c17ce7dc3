namespace Recyclic.Deploy.Testing;

/// <summary>Takes the application of a <see cref="MemoryCluster"/> away.</summary>
internal sealed class MemoryRemover(MemoryCalls calls) : IApplicationRemover
{
    private readonly MemoryCluster _cluster = calls.Cluster;

    public Task<ApplicationInventory> FindAsync(
        string app,
        IEnumerable<string> images,
        CancellationToken cancellationToken
    ) => calls.AskAsync("inventory", () => Find(app, [.. images]), cancellationToken);

    public Task RemoveAsync(string app, ImmutableArray<FoundThing> things, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            $"remove {string.Join(", ", things.Select(thing => thing.Name))}",
            cancellationToken,
            [.. things.Select(thing => (Action)(() => Remove(thing)))]
        );

    public Task RemoveRecordsAsync(
        string app,
        ImmutableArray<FoundThing> things,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            "remove records",
            () =>
            {
                // Whoever has the lock by now has them.
                if (_cluster.Holder is not null || things.All(thing => thing.Kind != ThingKind.Volume))
                    return;
                _cluster.JournalLines.Clear();
                _cluster.DoorConfigurations.Clear();
                _cluster.Certificates.Clear();
                _cluster.Challenges.Clear();
                (_cluster.Generation, _cluster.Configuration, _cluster.FileShare, _cluster.Word) = (0, "", null, null);
            },
            cancellationToken
        );

    private ApplicationInventory Find(string app, ImmutableArray<string> images)
    {
        lock (_cluster.Gate)
        {
            var naming = new Naming(app);
            var containers = Containers(naming).ToImmutableArray();
            return new(app)
            {
                Since = null,
                Things =
                [
                    .. containers,
                    .. _cluster.Networks.Select(name => Own(ThingKind.Network, name, name, Naming.NetworkRole)),
                    .. _cluster.Volumes.Names.Select(name => Volume(app, name)),
                    .. _cluster.Journal.Records.IsEmpty && _cluster.Configuration.Length == 0
                        ? Array.Empty<FoundThing>()
                        : [Own(ThingKind.Volume, naming.StateVolume, naming.StateVolume, Naming.StateRole)],
                    .. images
                        .Where(image => !_cluster.RemovedImages.Contains(image))
                        .Select(image => new FoundThing(
                            ThingKind.Image,
                            MemoryImages.DigestOf(image),
                            image,
                            ThingMaker.Nobody
                        )),
                ],
            };
        }
    }

    private IEnumerable<FoundThing> Containers(Naming naming)
    {
        foreach (var gate in _cluster.Gates)
            yield return Own(ThingKind.Container, gate.Id, gate.Name, Naming.GateRole);
        foreach (var door in _cluster.Doors)
            yield return Own(ThingKind.Container, door.Id, door.Name, Naming.DoorRole);
        if (_cluster.Edge.Exists)
            yield return Own(ThingKind.Container, _cluster.Edge.Id, naming.EdgeContainer, Naming.EdgeRole);
        foreach (var edge in _cluster.ReplacedEdges)
            yield return Own(ThingKind.Container, edge.Id, edge.Id, Naming.EdgeRole);
        foreach (var container in _cluster.Containers)
            yield return Of(container, ThingMaker.Recyclic, Naming.ReleaseRole);
        foreach (var accessory in _cluster.Accessories)
            yield return Of(accessory, ThingMaker.Accessory, "");
    }

    private static FoundThing Of(Container container, ThingMaker maker, string role) =>
        new(ThingKind.Container, container.Id, container.Name, maker)
        {
            Role = role,
            Networks = container.Networks,
            Volumes = [.. container.Mounts.Where(mount => mount.Type == "volume").Select(mount => mount.Source)],
            ImageId = container.Image,
            RenewsVolumes = container.RenewsVolumes,
        };

    private FoundThing Volume(string app, string name)
    {
        var role = _cluster.Volumes.Find(name)!.Labels.GetValueOrDefault(Naming.RoleLabel, "");
        return new(
            ThingKind.Volume,
            name,
            name,
            role.Length > 0 ? ThingMaker.Recyclic
                : name.StartsWith($"{app}_", StringComparison.Ordinal) ? ThingMaker.Compose
                : ThingMaker.Nobody
        )
        {
            Role = role,
            IsAnonymous = name.StartsWith("anonymous-", StringComparison.Ordinal),
        };
    }

    private static FoundThing Own(ThingKind kind, string id, string name, string role) =>
        new(kind, id, name, ThingMaker.Recyclic) { Role = role };

    private void Remove(FoundThing thing)
    {
        switch (thing.Kind)
        {
            case ThingKind.Container when thing.Role == Naming.EdgeRole:
                _cluster.RemoveEdge();
                break;
            case ThingKind.Container:
                _cluster.Gates.RemoveAll(gate => gate.Id == thing.Id);
                _cluster.Doors.RemoveAll(door => door.Id == thing.Id);
                _cluster.Accessories.RemoveAll(accessory => accessory.Id == thing.Id);
                if (_cluster.Containers.Exists(container => container.Id == thing.Id))
                    _cluster.Remove(thing.Id);
                break;
            case ThingKind.Network:
                _cluster.Networks.Remove(thing.Name);
                break;
            case ThingKind.Volume:
                _cluster.Volumes.Lose(thing.Name);
                break;
            default:
                _cluster.RemoveImage(thing.Name);
                break;
        }
    }
}
