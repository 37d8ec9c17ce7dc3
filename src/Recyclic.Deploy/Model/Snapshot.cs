using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>Who has the deploy lock.</summary>
/// <param name="By">The person or the CI run, as they named themselves.</param>
/// <param name="Since">By the clock of the holder's machine.</param>
/// <param name="Run">Where the CI run is to be seen; null: it is none.</param>
public sealed record LockHolder(string By, DateTimeOffset Since, string? Run);

/// <summary>Everything a decision needs to know of the host, read at one moment.</summary>
/// <param name="App">The application's name.</param>
/// <param name="Generation">How many commits there have been.</param>
/// <param name="Share">The green share that the running edge applies; null: the edge does not run.</param>
/// <param name="FileShare">The green share that a restarted edge would apply; null: none written yet.</param>
/// <param name="Journal">The whole of it.</param>
/// <param name="Edge">Never null; <see cref="EdgeState.None"/> where there is none.</param>
/// <param name="Blue">Also what is stopped.</param>
/// <param name="Green">Also what is stopped.</param>
/// <param name="Accessories">What all releases share, stopped ones too.</param>
/// <param name="Networks">The names of the networks there are, but for those that others made in the place of this
/// application's.</param>
public sealed record Snapshot(
    string App,
    long Generation,
    int? Share,
    int? FileShare,
    Journal Journal,
    EdgeState Edge,
    SlotState Blue,
    SlotState Green,
    ImmutableArray<Container> Accessories,
    ImmutableHashSet<string> Networks
)
{
    /// <summary>What plain compose runs of the application's services, and the first deploy takes over from.</summary>
    public ImmutableArray<AdoptedContainer> Adopted { get; init; } = [];

    /// <summary>What the host's clock said; null: it does not say.</summary>
    public DateTimeOffset? HostTime { get; init; }

    /// <summary>What the place can do; default: everything.</summary>
    public PlatformTraits Traits { get; init; } = PlatformTraits.All;

    /// <summary>The doors that are there, stopped ones too.</summary>
    public ImmutableArray<DoorState> Doors { get; init; } = [];

    /// <summary>
    /// The hash of each door's and gate's configuration that is in place, by service or <see cref="PortGate.Name"/>.
    /// </summary>
    public ImmutableDictionary<string, string> DoorConfigurations { get; init; } =
        ImmutableDictionary<string, string>.Empty;

    /// <summary>What TLS ends with in the edge; default: nothing.</summary>
    public ImmutableArray<CertificateState> Certificates { get; init; } = [];

    /// <summary>What publishes ports, stopped ones too.</summary>
    public ImmutableArray<GateState> Gates { get; init; } = [];

    /// <summary>Edges that another one replaced: they go on with what was open in them, or have ended.</summary>
    public ImmutableArray<Container> ReplacedEdges { get; init; } = [];

    /// <summary>What the host publishes of the application, `[address:]port`, sorted.</summary>
    public ImmutableArray<string> Published =>
        [
            .. Gates
                .Where(gate => gate.IsRunning)
                .Select(gate => gate.Gate.ToString())
                .Concat(Edge.Ports)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What is to be published of the release that users have, and is not.</summary>
    public ImmutableArray<PortGate> Closed =>
        Serving is not { } serving || !Traits.HasEdge
            ? []
            : [.. PortGate.Of(this[serving].Routes).Where(gate => !IsOpen(gate))];

    /// <summary>Whether connections to a port of the host come to the edge.</summary>
    internal bool IsOpen(PortGate gate) =>
        Edge.Ports.Contains(gate.ToString())
        || Gates.Any(there => there.Gate == gate && there.IsRunning)
            && DoorConfigurations.GetValueOrDefault(gate.Name, gate.Hash) == gate.Hash;

    /// <summary>
    /// The services that others call by name, and whose door does not run: by the labels of what serves.
    /// </summary>
    public ImmutableArray<string> Doorless =>
        Serving is not { } serving
            ? []
            :
            [
                .. this[serving]
                    .Routes.Where(route => route.IsInside)
                    .Select(route => route.Service)
                    .Distinct()
                    .Where(service => !Doors.Any(door => door.Service == service && door.IsRunning)),
            ];

    /// <summary>The names that this application's things have on this host.</summary>
    public Naming Names { get; init; } = new(App);

    /// <summary>
    /// What others have made in the place of something that a deploy needs: the edge, a network, a container of a slot
    /// or of an accessory.
    /// </summary>
    public ImmutableArray<Stranger> InTheWay { get; init; } = [];

    /// <summary>
    /// Containers whose labels say that they are of this application, and that are not: their image brings the labels,
    /// or a person wrote them.
    /// </summary>
    public ImmutableArray<Stranger> Pretenders { get; init; } = [];

    /// <summary>All containers that are not this application's, by name.</summary>
    public ImmutableDictionary<string, Stranger> Others { get; init; } = ImmutableDictionary<string, Stranger>.Empty;

    /// <summary>
    /// How many more networks the engine has addresses for; null: none is needed, or it cannot be counted.
    /// </summary>
    public int? FreeSubnets { get; init; }

    /// <summary>
    /// References and digests of images that other applications of this host run or may go back to; null: that could
    /// not be read, so any may be.
    /// </summary>
    public ImmutableHashSet<string>? ImagesOfOthers { get; init; } = [];

    /// <summary>
    /// The addresses of the servers that the edge could send a request to, by backend; null: it does not run, or does
    /// not say.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Usable { get; init; }

    /// <summary>
    /// The services that users have, whose containers work, and that the edge cannot send a single request to.
    /// </summary>
    public ImmutableArray<string> Unreached =>
        Usable is not { } usable || Serving is not { } serving
            ? []
            :
            [
                .. this[serving]
                    .Containers.Where(container => container.IsHealthy)
                    .GroupBy(container => container.Service)
                    .Where(service =>
                        service
                            .SelectMany(container => Route.FromLabel(container.Label(Naming.RoutesLabel)))
                            .SelectMany(route => EdgeConfiguration.BackendNames(route, serving))
                            .Any(backend => usable.GetValueOrDefault(backend, []).IsEmpty)
                    )
                    .Select(service => service.Key),
            ];

    /// <summary>Free space of the engine's disk, in MB.</summary>
    public long FreeMegabytes { get; init; } = long.MaxValue;

    /// <summary>What the engine's host has of memory; null: it was not asked.</summary>
    internal HostMemory? Memory { get; init; }

    /// <summary>By name, those volumes of the host that were asked for; read for a plan only.</summary>
    public ImmutableDictionary<string, VolumeFacts> Volumes { get; init; } =
        ImmutableDictionary<string, VolumeFacts>.Empty;

    /// <summary>A host to which the application was never deployed.</summary>
    public static Snapshot Empty(string app) =>
        new(
            app,
            0,
            null,
            null,
            Journal.Empty,
            EdgeState.None,
            new SlotState(Slot.Blue, []),
            new SlotState(Slot.Green, []),
            [],
            []
        );

    /// <summary>Never null: a slot without containers is empty.</summary>
    public SlotState this[Slot slot] => slot == Slot.Blue ? Blue : Green;

    /// <summary>
    /// Whether something is published, or was: then there is an edge, or there should be one. Without one the journal
    /// alone says what serves.
    /// </summary>
    public bool IsRouted => Edge.Exists || !Blue.Routes.IsEmpty || !Green.Routes.IsEmpty;

    /// <summary>Whether there should be an edge at work and is none.</summary>
    public bool LacksEdge => Traits.HasEdge && !Edge.IsRunning;

    /// <summary>The slot that users get, or null before the first commit and during a canary.</summary>
    public Slot? Serving =>
        Current is null ? null
        : !IsRouted ? Current.Slot
        : (Share ?? FileShare) switch
        {
            0 => Slot.Blue,
            100 => Slot.Green,
            _ => null,
        };

    /// <summary>By the journal; null: nothing was committed.</summary>
    public Commitment? Current => Journal.Current;

    /// <summary>
    /// The services that must not run twice, by what either slot holds: between the two they are handed over, whichever
    /// way.
    /// </summary>
    public ImmutableHashSet<string> StopFirst =>
        [
            .. Blue
                .Containers.Concat(Green.Containers)
                .Where(container => container.IsExclusive)
                .Select(container => container.Service),
        ];

    /// <summary>
    /// What starts in a slot beside the release of the other one: all but what is handed over, and what does its work
    /// once.
    /// </summary>
    public IEnumerable<Container> Together(Slot slot) =>
        this[slot].Containers.Where(container => !container.IsOneOff && !StopFirst.Contains(container.Service));

    /// <summary>Whether all containers of a committed release are still in its slot, running or stopped.</summary>
    public bool CanReturnTo(Commitment earlier) =>
        this[earlier.Slot].Holds(earlier.Release)
        && earlier.Release.Images.Keys.All(service => this[earlier.Slot].Of(service).Any());

    /// <summary>Where the next release goes: never the slot that serves.</summary>
    public Slot Idle => Current?.Slot.Other() ?? Slot.Blue;
}
