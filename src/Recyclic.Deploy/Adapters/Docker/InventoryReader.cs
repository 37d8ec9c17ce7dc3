using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Acme;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Finds all that an engine has of an application, by labels alone.</summary>
internal sealed partial class InventoryReader(DockerHost host)
{
    public const string Project = "com.docker.compose.project";

    private readonly EngineClient _engine = host.Client;

    public async Task<ApplicationInventory> FindAsync(
        string app,
        IEnumerable<string> images,
        CancellationToken cancellationToken
    )
    {
        var record = await host.Records.FindAsync(app, cancellationToken);
        var volumes = await _engine.ListVolumesAsync(cancellationToken);
        var state = volumes.FirstOrDefault(volume => volume.Name == (record?.Naming ?? new(app)).StateVolume);
        var since = EngineAnswers.Time(state?.CreatedAt);
        var all = await Task.WhenAll(
            (await _engine.ListContainersAsync(cancellationToken))
                .Where(entry => !IsAgent(entry))
                .Select(entry => ContainerAsync(app, record, since, entry, cancellationToken))
        );
        var near = all.Where(entry => entry.IsNear).Select(entry => entry.Thing).ToImmutableArray();
        var mounted = near.SelectMany(container => container.Volumes).ToHashSet();
        var networks = (await _engine.ListNetworksAsync(cancellationToken)).Select(FoundNetwork.Of).ToList();
        networks.ForEach(host.Objects.Saw);
        return new(app)
        {
            Since = since,
            Things =
            [
                .. near,
                .. from network in networks
                let maker = MakerOf(app, record, since, network.Labels, NoLabels, network.Created)
                where maker is not ThingMaker.Nobody
                select new FoundThing(ThingKind.Network, network.Id, network.Name, maker)
                {
                    Created = network.Created,
                    Role = network.Labels.GetValueOrDefault(Naming.RoleLabel, ""),
                },
                .. from volume in volumes
                let thing = VolumeOf(app, record, since, volume)
                where thing.Maker is not ThingMaker.Nobody || mounted.Contains(volume.Name)
                select thing,
                .. await ImagesAsync(images, near, cancellationToken),
            ],
            Strangers = [.. all.Where(entry => !entry.IsNear).Select(entry => entry.Thing)],
        };
    }

    private async Task<(FoundThing Thing, bool IsNear)> ContainerAsync(
        string app,
        AppRecord? record,
        DateTimeOffset? since,
        ContainerListResponse listed,
        CancellationToken cancellationToken
    )
    {
        var labels = EngineAnswers.Labels(listed.Labels);
        var thing = new FoundThing(ThingKind.Container, listed.ID, EngineAnswers.Name(listed), ThingMaker.Nobody)
        {
            Created = EngineAnswers.Created(listed.Created),
            Role = labels.GetValueOrDefault(Naming.RoleLabel, ""),
            Networks = NetworksOf(listed),
            Volumes =
            [
                .. (listed.Mounts ?? []).Where(mount => mount.Type == "volume").Select(mount => mount.Name ?? ""),
            ],
            Image = listed.Image ?? "",
            ImageId = listed.ImageID ?? "",
            RenewsVolumes = labels.GetValueOrDefault(DataVolume.RenewLabel) == "true",
        };
        if (labels.GetValueOrDefault(Naming.AppLabel) != app && labels.GetValueOrDefault(Project) != app)
            return (thing, false);
        var brought = await host.Images.OfAsync(listed.ImageID ?? "", cancellationToken);
        host.Objects.Saw(listed, brought);
        var maker = MakerOf(app, record, since, labels, brought, thing.Created);
        return (thing with { Maker = maker }, maker is not ThingMaker.Nobody);
    }

    /// <summary>
    /// A mark of an earlier life of the application counts on what is older than its records: those were lost, and made
    /// anew.
    /// </summary>
    private static ThingMaker MakerOf(
        string app,
        AppRecord? record,
        DateTimeOffset? since,
        ImmutableDictionary<string, string> labels,
        ImmutableDictionary<string, string> image,
        DateTimeOffset? created
    )
    {
        var isOlder = since is null || created is null || created < since;
        if (
            record?.Ownership.OwnsContainer(labels, image) == true
            || isOlder && EarlierOwner(app, labels)?.OwnsContainer(labels, image) == true
        )
            return ThingMaker.Recyclic;
        if (!IsComposes(app, labels, image))
            return ThingMaker.Nobody;
        // Recyclic hands compose the model; a person has it read the file.
        return
            labels.GetValueOrDefault("com.docker.compose.project.config_files") == "-"
            && labels.GetValueOrDefault("com.docker.compose.oneoff") == "False"
            ? ThingMaker.Accessory
            : ThingMaker.Compose;
    }

    /// <summary>
    /// That compose made it for the application's project, or for one of a slot, whose containers make a named volume that
    /// is not there.
    /// </summary>
    public static bool IsComposes(
        string app,
        ImmutableDictionary<string, string> labels,
        ImmutableDictionary<string, string> image
    ) =>
        new[] { app, new Naming(app).SlotProject(Slot.Blue), new Naming(app).SlotProject(Slot.Green) }.Any(project =>
            Ownership.IsComposes(project, labels, image)
        );

    /// <summary>By a mark that the records know nothing of; null: it is none.</summary>
    public static Ownership? EarlierOwner(string app, ImmutableDictionary<string, string> labels) =>
        labels.GetValueOrDefault(Naming.OwnerLabel) is { } mark && Mark().IsMatch(mark)
            ? new Ownership(app, mark.Split('.')[0], AcceptsUnmarked: false)
            : null;

    private static FoundThing VolumeOf(string app, AppRecord? record, DateTimeOffset? since, VolumeResponse volume)
    {
        var labels = EngineAnswers.Labels(volume.Labels);
        var created = EngineAnswers.Time(volume.CreatedAt);
        var role = labels.GetValueOrDefault(Naming.RoleLabel, "");
        // Nobody but who makes a volume gives it labels, so one of data needs no mark.
        var isData = labels.GetValueOrDefault(Naming.AppLabel) == app && role == DataVolume.Role;
        var isState = record is not null && volume.Name == record.Naming.StateVolume;
        return new(
            ThingKind.Volume,
            volume.Name,
            volume.Name,
            isData || isState ? ThingMaker.Recyclic : MakerOf(app, record, since, labels, NoLabels, created)
        )
        {
            Created = created,
            Role = isState ? Naming.StateRole : role,
            IsAnonymous = IsAnonymous(volume.Name, labels),
        };
    }

    /// <summary>Of the releases, of the edge, and of accessories.</summary>
    private async Task<IEnumerable<FoundThing>> ImagesAsync(
        IEnumerable<string> references,
        ImmutableArray<FoundThing> near,
        CancellationToken cancellationToken
    )
    {
        var named = references.Select(name => (Name: name, Maker: ThingMaker.Nobody, Role: ""));
        var own = new[] { AcmeImage.Reference, EdgeImage.Reference }.Select(name =>
            (Name: name, Maker: ThingMaker.Recyclic, Role: Naming.EdgeRole)
        );
        var shared = near.Where(container => container.Maker is ThingMaker.Accessory or ThingMaker.Compose)
            .Select(container => container.Image)
            .Where(image => image.Length > 0 && !image.StartsWith("sha256:", StringComparison.Ordinal))
            .Select(name => (Name: name, Maker: ThingMaker.Nobody, Role: "accessory"));
        var found = await Task.WhenAll(
            named
                .Concat(near.IsEmpty && !references.Any() ? [] : own)
                .Concat(shared)
                .DistinctBy(entry => entry.Name)
                .Select(async entry => (entry, image: await _engine.FindImageAsync(entry.Name, cancellationToken)))
        );
        return from each in found
            where each.image is not null
            let tag = each.entry.Name[(each.entry.Name.LastIndexOf(':') + 1)..]
            select new FoundThing(ThingKind.Image, each.image.ID ?? "", each.entry.Name, each.entry.Maker)
            {
                Role = each.entry.Role,
                Created = each.image.Metadata?.LastTagTime is { } at ? EngineAnswers.Created(at) : null,
                IsBuiltHere =
                    EngineAnswers
                        .Labels(each.image.Config?.Labels)
                        .GetValueOrDefault("org.opencontainers.image.version") == tag,
            };
    }

    /// <summary>What there is a lock by comes and goes with it.</summary>
    public static bool IsAgent(ContainerListResponse listed) =>
        EngineAnswers.Labels(listed.Labels).GetValueOrDefault(Naming.RoleLabel)
            is EdgeImage.LockRole
                or EdgeImage.QueueRole
                or EdgeImage.ReaderRole;

    /// <summary>Whether the engine itself named a volume.</summary>
    public static bool IsAnonymous(string name, ImmutableDictionary<string, string> labels) =>
        labels.ContainsKey("com.docker.volume.anonymous") || AnonymousName().IsMatch(name);

    public static ImmutableArray<string> NetworksOf(ContainerListResponse listed) =>
        [.. listed.NetworkSettings?.Networks?.Keys ?? []];

    private static ImmutableDictionary<string, string> NoLabels => ImmutableDictionary<string, string>.Empty;

    [GeneratedRegex(@"\A[0-9a-f]{16}\.[0-9a-f]{16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnonymousName();
}
