namespace Recyclic.Deploy.Testing;

/// <summary>
/// One engine on which many applications run: what each has is in its own <see cref="MemoryCluster"/>, but all see
/// everything, and what is whose is told by the rules of the real thing (<see cref="HostSorting"/>,
/// <see cref="Ownership"/>, <see cref="Naming"/>). </summary>
internal sealed class SharedHost
{
    private readonly Dictionary<string, MemoryCluster> _clusters = [];

    public void Add(string app, MemoryCluster cluster) => _clusters.Add(app, cluster);

    /// <summary>Where a container is, whoever's it is.</summary>
    public MemoryCluster ClusterOf(string id) =>
        _clusters.Values.Single(cluster => cluster.Containers.Any(container => container.Id == id));

    /// <summary>
    /// A container as the engine would make it: its id is like no other's, and it has compose's labels and a mark of
    /// ours.
    /// </summary>
    public static Container Made(string app, Container container) =>
        container with
        {
            Id = $"{app}/{container.Id}",
            Labels = container
                .Labels.SetItem(Naming.OwnerLabel, OwnershipOf(app).Mark("1"))
                .SetItem("com.docker.compose.oneoff", "False")
                .SetItem(
                    "com.docker.compose.project",
                    new Naming(app).SlotProject(Slots.Parse(container.Label(Naming.SlotLabel))!.Value)
                ),
        };

    /// <summary>What a command of an application finds.</summary>
    public Snapshot Observe(string app)
    {
        var naming = new Naming(app);
        var all = _clusters.SelectMany(cluster => Everything(cluster.Key, cluster.Value)).ToList();
        var sorted = HostSorting.Of(naming, OwnershipOf(app), all);
        var ours = sorted.Ours.Concat(sorted.Accessories).Select(container => container.Id).ToHashSet();
        var edge = sorted.Ours.FirstOrDefault(container => container.Label(Naming.RoleLabel) == Naming.EdgeRole);
        return Snapshot.Empty(app) with
        {
            Edge = edge is null
                ? EdgeState.None
                : _clusters.Values.Single(cluster => cluster.Edge.Id == edge.Id).Edge with
                {
                    Configuration = "",
                },
            Doors = _clusters.TryGetValue(app, out var own) ? [.. own.Doors] : [],
            Gates = own is null ? [] : [.. own.Gates],
            ReplacedEdges = own is null ? [] : [.. own.ObserveReplaced()],
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = sorted.Accessories,
            Networks =
            [
                .. naming.Networks.Where(network =>
                    _clusters.Values.Any(cluster => cluster.Networks.Contains(network))
                ),
            ],
            InTheWay = sorted.InTheWay,
            Pretenders = sorted.Pretenders,
            Others = all.Where(each => !ours.Contains(each.Container.Id))
                .ToImmutableDictionary(each => each.Container.Name, each => each.AsStranger()),
        };

        ImmutableArray<Container> Of(Slot slot) =>
            [
                .. sorted.Ours.Where(container =>
                    container.Label(Naming.SlotLabel) == slot.Name()
                    && container.Label(Naming.RoleLabel) == Naming.ReleaseRole
                ),
            ];
    }

    /// <summary>The engine has one thing of a name, or says that it is taken.</summary>
    public void RefuseSameNames()
    {
        RefuseSame(
            "container",
            _clusters.SelectMany(cluster => Everything(cluster.Key, cluster.Value)).Select(each => each.Container.Name)
        );
        RefuseSame("network", _clusters.SelectMany(cluster => cluster.Value.Networks));
    }

    /// <summary>The containers, as a text to compare.</summary>
    public string Describe(string app) =>
        string.Join(
            "\n",
            Everything(app, _clusters[app])
                .Select(each =>
                    $"{each.Container.Id} {each.Container.State} {each.Container.Restart} {string.Join(',', each.Container.Networks)}"
                )
        );

    private static void RefuseSame(string kind, IEnumerable<string> names)
    {
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } taken)
            throw new InvalidOperationException($"the {kind} name {taken.Key} is in use already");
    }

    private static Ownership OwnershipOf(string app) =>
        new(
            app,
            Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(app))
            )[..16],
            AcceptsUnmarked: false
        );

    private static IEnumerable<FoundContainer> Everything(string app, MemoryCluster cluster)
    {
        var naming = new Naming(app);
        var containers = cluster
            .Of(Slot.Blue)
            .Concat(cluster.Of(Slot.Green))
            .Concat(
                cluster.Accessories.Select(accessory =>
                    accessory with
                    {
                        Labels = accessory
                            .Labels.SetItem("com.docker.compose.oneoff", "False")
                            .SetItem("com.docker.compose.config-hash", "1"),
                    }
                )
            );
        if (cluster.Edge.Exists)
            containers = containers.Append(
                Own(naming.EdgeContainer, Naming.EdgeRole) with
                {
                    Id = cluster.Edge.Id,
                    Networks = cluster.Edge.Networks,
                }
            );
        containers = containers.Concat(
            cluster.Doors.Select(door =>
                Own(door.Name, Naming.DoorRole) with
                {
                    Id = door.Id,
                    Networks = door.Networks,
                }
            )
        );
        containers = containers.Concat(
            cluster.Gates.Select(gate => Own(gate.Name, Naming.GateRole) with { Id = gate.Id })
        );
        if (cluster.Holder is not null)
            containers = containers.Append(Own(naming.LockContainer, "lock"));
        return containers.Select(container => new FoundContainer(
            container,
            ImmutableDictionary<string, string>.Empty,
            "",
            null
        ));

        Container Own(string name, string role) =>
            new(
                name + "-id",
                name,
                name,
                "running",
                "none",
                0,
                "sha256:1",
                MemoryClock.Noon,
                ImmutableDictionary<string, string>
                    .Empty.Add(Naming.AppLabel, app)
                    .Add(Naming.RoleLabel, role)
                    .Add(Naming.OwnerLabel, OwnershipOf(app).Mark("1")),
                []
            );
    }
}
