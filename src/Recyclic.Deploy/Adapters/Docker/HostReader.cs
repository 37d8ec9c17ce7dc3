using System.Collections.Concurrent;
using System.Collections.Immutable;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Reads what a host has of an application, and what others have there in its place.</summary>
internal sealed partial class HostReader(
    EngineClient engine,
    AppRecords records,
    ImageLabels images,
    HostObjects objects
)
{
    /// <summary>What an edge would be made of now, and when what there is was built.</summary>
    private string? _image;
    private readonly ConcurrentDictionary<string, DateTimeOffset?> _built = [];

    public async Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(app, cancellationToken);
        var naming = record?.Naming ?? new Naming(app);
        var networking = NetworksAsync(cancellationToken);
        var listed = await engine.ListContainersAsync(cancellationToken);
        var found = await InspectAsync(listed.Where(entry => IsNear(naming, entry)), cancellationToken);
        var sorted = HostSorting.Of(naming, record?.Ownership, [.. found.Select(each => each.Found)]);
        var edges = sorted.Ours.Where(container => container.Label(Naming.RoleLabel) == Naming.EdgeRole).ToList();
        var edge = edges.FirstOrDefault(container => container.Name == naming.EdgeContainer);
        var ours = sorted.Ours.Concat(sorted.Accessories).Select(container => container.Id).ToHashSet();
        var networks = await networking;
        var foreign = networks
            .Where(network => naming.Networks.Contains(network.Name) && record?.Ownership.Owns(network.Labels) != true)
            .ToList();
        return Snapshot.Empty(app) with
        {
            Names = naming,
            Edge = edge is null
                ? EdgeState.None
                : EngineAnswers.Edge(found.First(each => each.Found.Container.Id == edge.Id).Inspected) with
                {
                    Id = edge.Id,
                    IsOutdated = await IsOutdatedAsync(edge, cancellationToken),
                    Built = await BuiltAsync(edge.Image, cancellationToken),
                },
            ReplacedEdges = [.. edges.Where(other => other != edge)],
            Gates =
            [
                .. from container in sorted.Ours
                where container.Label(Naming.RoleLabel) == Naming.GateRole
                let gate = PortGate.Parse(container.Label(Naming.GateLabel))
                where gate is not null
                select new GateState(gate, container.Id, container.Name, container.IsRunning),
            ],
            Doors =
            [
                .. from container in sorted.Ours
                where container.Label(Naming.RoleLabel) == Naming.DoorRole
                let service = container.Label(Naming.DoorLabel)
                where service is not null
                select new DoorState(service, container.Id, container.Name, container.IsRunning, container.Networks)
                {
                    Sign = DoorSign.FromLabel(container.Label(Naming.SignLabel)),
                },
            ],
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = sorted.Accessories,
            Networks = [.. networks.Except(foreign).Select(network => network.Name)],
            InTheWay =
            [
                .. sorted.InTheWay,
                .. foreign.Select(network =>
                    FoundContainer.Stranger(
                        "network",
                        network.Name,
                        network.Id,
                        network.Labels,
                        ImmutableDictionary<string, string>.Empty,
                        "",
                        network.Created
                    )
                ),
            ],
            Pretenders = sorted.Pretenders,
            Others = listed
                .Where(entry => !ours.Contains(entry.ID))
                .Select(Other)
                .DistinctBy(other => other.Name)
                .ToImmutableDictionary(other => other.Name),
            FreeSubnets = naming.Networks.Any(network => networks.All(other => other.Name != network))
                ? await FreeSubnetsAsync(networks, cancellationToken)
                : null,
        };

        ImmutableArray<Container> Of(Slot slot) =>
            [
                .. sorted.Ours.Where(container =>
                    container.Label(Naming.SlotLabel) == slot.Name()
                    && container.Label(Naming.RoleLabel) == Naming.ReleaseRole
                ),
            ];
    }

    /// <summary>Those of some volumes that are there.</summary>
    public async Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    )
    {
        var found = await Task.WhenAll(names.Select(name => engine.FindVolumeAsync(name, cancellationToken)));
        return found.OfType<VolumeResponse>().Select(EngineAnswers.Volume).ToImmutableDictionary(volume => volume.Name);
    }

    public async Task<IReadOnlyList<FoundNetwork>> NetworksAsync(CancellationToken cancellationToken)
    {
        var found = (await engine.ListNetworksAsync(cancellationToken)).Select(FoundNetwork.Of).ToList();
        found.ForEach(objects.Saw);
        return found;
    }

    /// <summary>The IDs of the application's own networks, by name.</summary>
    public async Task<ImmutableDictionary<string, string>> OwnNetworksAsync(
        AppRecord record,
        CancellationToken cancellationToken
    ) =>
        (await NetworksAsync(cancellationToken))
            .Where(network => record.Naming.Networks.Contains(network.Name) && record.Ownership.Owns(network.Labels))
            .DistinctBy(network => network.Name)
            .ToImmutableDictionary(network => network.Name, network => network.Id);

    /// <summary>What a volume is, for a person.</summary>
    public static Stranger VolumeOf(VolumeResponse volume) =>
        FoundContainer.Stranger(
            "volume",
            volume.Name,
            "",
            EngineAnswers.Labels(volume.Labels),
            ImmutableDictionary<string, string>.Empty,
            "",
            EngineAnswers.Time(volume.CreatedAt)
        );

    private async Task<IReadOnlyList<(ContainerInspectResponse Inspected, FoundContainer Found)>> InspectAsync(
        IEnumerable<ContainerListResponse> listed,
        CancellationToken cancellationToken
    )
    {
        var inspected = await Task.WhenAll(
            listed.Select(entry => engine.FindContainerAsync(entry.ID, cancellationToken))
        );
        return await Task.WhenAll(
            inspected
                .OfType<ContainerInspectResponse>()
                .Select(async node => (node, await FoundAsync(node, cancellationToken)))
        );
    }

    private async Task<FoundContainer> FoundAsync(
        ContainerInspectResponse inspected,
        CancellationToken cancellationToken
    )
    {
        var found = new FoundContainer(
            EngineAnswers.Container(inspected),
            await images.OfAsync(inspected.Image, cancellationToken),
            inspected.Config?.Image ?? "",
            EngineAnswers.Created(inspected.Created)
        );
        objects.Saw(found);
        return found;
    }

    private async Task<int?> FreeSubnetsAsync(IReadOnlyList<FoundNetwork> networks, CancellationToken cancellationToken)
    {
        var pools = ((await engine.ReadInfoAsync(cancellationToken)).DefaultAddressPools ?? [])
            .Select(pool => (pool.Base ?? "", (int)pool.Size))
            .ToList();
        return AddressPools.Free(pools, networks.SelectMany(network => network.Subnets));
    }

    /// <summary>
    /// Where the host does not have the image any more, nothing newer is known. It is the same all through a command.
    /// </summary>
    private async Task<bool> IsOutdatedAsync(Container edge, CancellationToken cancellationToken) =>
        (_image ??= (await engine.FindImageAsync(EdgeImage.Reference, cancellationToken))?.ID) is { } image
        && image != edge.Image;

    /// <summary>From now on an edge would be made of another image than a moment ago.</summary>
    public void ForgetEdgeImage() => _image = null;

    private async Task<DateTimeOffset?> BuiltAsync(string image, CancellationToken cancellationToken)
    {
        if (_built.TryGetValue(image, out var known))
            return known;
        var found = await engine.FindImageAsync(image, cancellationToken);
        return _built[image] = found?.Created is { } created ? EngineAnswers.Created(created) : null;
    }

    private static bool IsNear(Naming naming, ContainerListResponse entry)
    {
        var labels = EngineAnswers.Labels(entry.Labels);
        return labels.GetValueOrDefault(Naming.AppLabel) == naming.App
            || EngineAnswers.Name(entry) == naming.EdgeContainer
            || labels.GetValueOrDefault("com.docker.compose.project") is { } project
                && (
                    project == naming.App
                    || project == naming.SlotProject(Slot.Blue)
                    || project == naming.SlotProject(Slot.Green)
                );
    }

    private static Stranger Other(ContainerListResponse entry) =>
        FoundContainer.Stranger(
            "container",
            EngineAnswers.Name(entry),
            entry.ID,
            EngineAnswers.Labels(entry.Labels),
            ImmutableDictionary<string, string>.Empty,
            entry.Image ?? "",
            EngineAnswers.Created(entry.Created)
        );
}
