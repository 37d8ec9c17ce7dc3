using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>A service that a release has a version of: it exists once per slot.</summary>
/// <param name="Name">The service's name in the file.</param>
/// <param name="Image">As the file has it, with the tag filled in.</param>
/// <param name="Replicas">Containers a slot, 1 to 50.</param>
/// <param name="Exclusive">True: it must not run twice, so it is stop-first: handed over at cutover, the old one stops
/// before the new one starts.</param>
/// <param name="Settle">Without a health check: how long it must stay up to count as healthy.</param>
/// <param name="Restart">Its restart policy while its slot serves.</param>
/// <param name="HasHealthCheck">By the file, or by its image once that is known.</param>
public sealed record ReleaseService(
    string Name,
    string Image,
    int Replicas,
    bool Exclusive,
    TimeSpan? Settle,
    string Restart,
    bool HasHealthCheck
)
{
    /// <summary>
    /// The paths at which it gets an anonymous volume: by the file, and by its image once that is known.
    /// </summary>
    public ImmutableArray<string> AnonymousPaths { get; init; } = [];

    /// <summary>
    /// Whether each release begins with fresh anonymous volumes (`renew-volumes`); default false: they belong to
    /// service and path.
    /// </summary>
    public bool RenewsVolumes { get; init; }

    /// <summary>
    /// How long it may take, where it does its work once for each release and ends; null: it stays up.
    /// </summary>
    public TimeSpan? OneOff { get; init; }

    /// <summary>
    /// How many of its containers are started, and healthy, before the others are (`starts-first`); null: all at once.
    /// </summary>
    public int? StartsFirst { get; init; }

    /// <summary>
    /// Whether it is a migration after which the release before it does not work any more (`migration: contract`): it
    /// runs once that has stopped. Default: false.
    /// </summary>
    public bool IsContract { get; init; }

    /// <summary>
    /// What the file says of `overlap`; null: nothing, so it depends on what it writes: see <see cref="OneWriter"/>.
    /// </summary>
    public bool? MayOverlap { get; init; }

    /// <summary>
    /// An exclusive service's place in the hand-over: after those with a lower number, which it needs. Default: 0.
    /// </summary>
    public int HandOverOrder { get; init; }

    /// <summary>
    /// How long a request for it waits at most in the edge while it is handed over, 0 to 5 minutes; null: 30 s.
    /// </summary>
    public TimeSpan? Hold { get; init; }

    /// <summary>What is said of its health check: by the file, and by its image once that is known.</summary>
    public HealthCheck HealthCheck { get; init; } = new();

    /// <summary>
    /// The ports at which others may ask it by its name: by the file, and by its image once that is known.
    /// </summary>
    internal ImmutableArray<Route> Inside { get; init; } = [];

    /// <summary>What <see cref="OldAssets.Read"/> gives; null: the file says nothing of it.</summary>
    internal string? OldAssets { get; init; }

    /// <summary>The TCP ports that its containers expose: by the file, and by its image once that is known.</summary>
    internal ImmutableArray<int> Exposed { get; init; } = [];

    /// <summary>How it is asked from outside whether it is ready; null: it is not asked.</summary>
    public OutsideProbe? Probe { get; init; }

    /// <summary>Whether the file says that staying up is enough (`settle`); default false.</summary>
    public bool IsSettleGiven { get; init; }

    /// <summary>
    /// The variable that its image is and that is not set, so that the image is taken to have the service's name; null:
    /// it is known.
    /// </summary>
    public string? AssumedBy { get; init; }

    /// <summary>
    /// Whether its image was looked at; default false: it may have a health check that is not known yet.
    /// </summary>
    public bool IsImageKnown { get; init; }

    /// <summary>
    /// How long a gate has to wait for it at least, by what its file and image say; null: they say nothing.
    /// </summary>
    public TimeSpan? Patience =>
        HasHealthCheck ? HealthCheck.Patience
        : Settle is { } settle ? HealthCheck.PatienceFor(settle)
        : null;

    /// <summary>What the file says of all its ports; null: nothing.</summary>
    internal RouteMode? SaidMode { get; init; }

    /// <summary>A port of its image, asked by the service's name.</summary>
    internal Route RouteInside(int target) =>
        new Route(Name, target, 0, null, SaidMode ?? PortMode.OfNumber(target), null, null, Replicas)
        {
            Private = true,
        }.Inside();

    /// <summary>The same with what its image says of its health.</summary>
    public ReleaseService With(HealthCheck? image)
    {
        var whole = HealthCheck.Over(image);
        var known = this with { HealthCheck = whole, IsImageKnown = true, HasHealthCheck = whole.Exists };
        return !whole.Exists
            ? known
            : known with
            {
                Settle = null,
                Probe = Probe?.Kind == ProbeKind.Health ? Probe : null,
            };
    }

    /// <summary>
    /// Whether the file says that it is a release service whatever its image looks like (`release: true`).
    /// </summary>
    public bool IsReleaseForSure { get; init; }
}
