using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>A container as the engine describes it.</summary>
/// <param name="Id">All 64 digits.</param>
/// <param name="Name">Without a slash.</param>
/// <param name="Service">The compose service; empty: it is none's.</param>
/// <param name="State">`created`, `running`, `exited`, `restarting`, `paused` or `dead`.</param>
/// <param name="Health">`starting`, `healthy`, `unhealthy`, or `none` without a health check.</param>
/// <param name="ExitCode">0 also while it runs.</param>
/// <param name="Image">The digest of the image it runs.</param>
/// <param name="StartedAt">Its last start; the year 1: it never did.</param>
/// <param name="Labels">Its own and those of its image.</param>
/// <param name="Networks">By name.</param>
public sealed record Container(
    string Id,
    string Name,
    string Service,
    string State,
    string Health,
    int ExitCode,
    string Image,
    DateTimeOffset StartedAt,
    ImmutableDictionary<string, string> Labels,
    ImmutableArray<string> Networks
)
{
    /// <summary>Its IPv4 addresses by network, while it runs.</summary>
    public ImmutableDictionary<string, string> Addresses { get; init; } = [];

    /// <summary>
    /// Its restart policy's name as the engine has it: `no`, `always`, `unless-stopped` or `on-failure`.
    /// </summary>
    public string Restart { get; init; } = "no";

    /// <summary>False in the idle slot, whatever the file says: there the policy is taken away.</summary>
    public bool RestartsByItself => Restart is not ("no" or "");

    /// <summary>Its volumes and bind mounts.</summary>
    public ImmutableArray<Mount> Mounts { get; init; } = [];

    /// <summary>
    /// By name, a fingerprint of the value of each environment variable, its image's ones too; empty: not read.
    /// </summary>
    internal ImmutableDictionary<string, string> Variables { get; init; } = [];

    /// <summary>False while it is paused or restarting.</summary>
    public bool IsRunning => State == "running";

    /// <summary>Whether it does its work: running, and healthy where it can say so.</summary>
    public bool IsHealthy => IsRunning && Health is "healthy" or "none";

    /// <summary>Whether its anonymous volumes are its own and go with it.</summary>
    public bool RenewsVolumes => Label(DataVolume.RenewLabel) == "true";

    /// <summary>How long a gate has to wait for it at least; null: nothing is said.</summary>
    public TimeSpan? Patience => ComposeReader.ParseDuration(Label(Naming.PatienceLabel));

    /// <summary>Whether it must not run twice.</summary>
    public bool IsExclusive => Label(Naming.ExclusiveLabel) == "true";

    /// <summary>Whether it does its work once for its release and ends.</summary>
    public bool IsOneOff => Label(Naming.OneOffLabel) == "true";

    /// <summary>
    /// Whether it runs beside the release before it, and is to be healthy before anything is handed to it.
    /// </summary>
    public bool IsGated => !IsExclusive && !IsOneOff;

    /// <summary>
    /// Its place among those that are handed over: after those with a lower number, which it needs. Default: 0.
    /// </summary>
    public int HandOverOrder =>
        int.TryParse(Label(Naming.HandOverLabel), NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            ? order
            : 0;

    /// <summary>Whether a published port leads to it.</summary>
    public bool IsRouted => !Route.FromLabel(Label(Naming.RoutesLabel)).IsEmpty;

    /// <summary>
    /// Null: it has none of that key. A container's labels may be its image's: see <see cref="Snapshot.Pretenders"/>.
    /// </summary>
    public string? Label(string key) => Labels.GetValueOrDefault(key);
}

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

    /// <summary>One, or as many as it has replicas; empty: none.</summary>
    public IEnumerable<Container> Of(string service) => Containers.Where(container => container.Service == service);
}

/// <param name="Exists">Whether the edge's container exists.</param>
/// <param name="IsRunning">False also where there is none.</param>
/// <param name="Configuration">The hash of the configuration in place; empty: none.</param>
/// <param name="Ports">What it publishes on the host.</param>
/// <param name="ImageTag">The edge image it was made from.</param>
/// <param name="Networks">By name.</param>
public sealed record EdgeState(
    bool Exists,
    bool IsRunning,
    string Configuration,
    ImmutableArray<string> Ports,
    string ImageTag,
    ImmutableArray<string> Networks
)
{
    /// <summary>Its container's; empty: there is none.</summary>
    public string Id { get; init; } = "";

    /// <summary>Before the first deploy, and where nothing is published.</summary>
    public static EdgeState None { get; } = new(false, false, "", [], "", []);
}

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
    /// <summary>What the place can do; default: everything.</summary>
    public PlatformTraits Traits { get; init; } = PlatformTraits.All;

    /// <summary>The doors that are there, stopped ones too.</summary>
    public ImmutableArray<DoorState> Doors { get; init; } = [];

    /// <summary>The hash of each door's configuration that is in place, by service.</summary>
    public ImmutableDictionary<string, string> DoorConfigurations { get; init; } =
        ImmutableDictionary<string, string>.Empty;

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
