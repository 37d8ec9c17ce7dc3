using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>The containers of one slot, stopped ones too.</summary>
public sealed record SlotState(Slot Slot, ImmutableArray<Container> Containers)
{
    /// <summary>False where containers are there and stopped.</summary>
    public bool IsEmpty => Containers.IsEmpty;

    /// <summary>Whether any container runs, healthy or not.</summary>
    public bool IsRunning => Containers.Any(container => container.IsRunning);

    /// <summary>By the containers' labels; null: the slot is empty, or they do not agree.</summary>
    public string? ReleaseId =>
        Containers.Select(container => container.Label(Naming.ReleaseLabel)).Distinct().ToList() is [{ } only]
            ? only
            : null;

    /// <summary>
    /// By the containers' labels alone: some of them may be missing, see <see cref="Snapshot.CanReturnTo"/>.
    /// </summary>
    public bool Holds(Release release) => ReleaseId == release.Id;

    /// <summary>
    /// What users cannot do without: all that stays up but exclusive services to which nothing is routed; where there
    /// is nothing else, these.
    /// </summary>
    public IEnumerable<Container> Needed
    {
        get
        {
            var lasting = Containers.Where(container => !container.IsOneOff).ToList();
            var needed = lasting.Where(container => !container.IsExclusive || container.IsRouted).ToList();
            return needed.Count > 0 ? needed : lasting;
        }
    }

    /// <summary>Whether users could be served here: all that they need runs and is healthy.</summary>
    public bool Works => Needed.Any() && Needed.All(container => container.IsHealthy);

    /// <summary>
    /// The release that these containers are, by their own labels; null when they do not agree. By it a journal that
    /// was lost is begun again.
    /// </summary>
    public Release? Labelled =>
        ReleaseId is { } id && Containers[0].Label(Naming.TagLabel) is { } tag
            ? new Release(
                id,
                tag,
                Containers
                    .DistinctBy(container => container.Service)
                    .ToImmutableSortedDictionary(
                        container => container.Service,
                        container => new ImageRef(container.Image, container.Image),
                        StringComparer.Ordinal
                    )
            )
            : null;

    /// <summary>The routes that this slot's containers were started for.</summary>
    public ImmutableArray<Route> Routes =>
        [.. Containers.SelectMany(container => Route.FromLabel(container.Label(Naming.RoutesLabel))).Distinct()];

    /// <summary>The doors of this slot's release that show something to proxies.</summary>
    internal IEnumerable<Door> SignedDoors =>
        Containers
            .DistinctBy(container => container.Service)
            .Select(container => DoorSign.DoorFromLabel(container.Service, container.Label(Naming.SignLabel), Routes))
            .OfType<Door>();

    /// <summary>What the door of a service shows while this slot serves.</summary>
    internal DoorSign SignOf(string service) =>
        SignedDoors.FirstOrDefault(door => door.Service == service)?.Sign ?? DoorSign.None;

    /// <summary>One, or as many as it has replicas; empty: none.</summary>
    public IEnumerable<Container> Of(string service) => Containers.Where(container => container.Service == service);
}
