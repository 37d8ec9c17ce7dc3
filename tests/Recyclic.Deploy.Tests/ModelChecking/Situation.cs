namespace Recyclic.Deploy.Tests.ModelChecking;

/// <summary>What of a host matters to the claims about the next command.</summary>
/// <param name="Seen">What users see: a tag, a sick one, two of a canary, or nothing.</param>
/// <param name="Damaged">Slots that something other than a command has broken, and nothing mended since.</param>
/// <param name="MayBeWarm">Whether somebody has asked to keep a release warm, and no deploy without that wish came
/// through since.</param>
internal sealed record Situation(
    string Seen,
    Commitment? Current,
    bool AccessoryIsDown,
    ImmutableHashSet<string> RemovedImages,
    ImmutableHashSet<Slot> Damaged,
    Journal Journal,
    bool MayBeWarm
)
{
    public static readonly string[] Services = ["api", "bot", "web"];

    /// <summary>Users have the release that was committed, and it works.</summary>
    public bool IsGood => Current is not null && Seen == Current.Release.Tag && !Damaged.Contains(Current.Slot);

    public static Situation Of(MemoryCluster cluster, IEnumerable<Slot> damaged, bool mayBeWarm) =>
        new(
            cluster.SeenNow(),
            cluster.Journal.Current,
            cluster.Accessories.Any(container => !container.IsRunning),
            [.. cluster.RemovedImages],
            [.. damaged],
            cluster.Journal,
            mayBeWarm
        );

    public bool LacksImages(string tag) => Services.Any(service => RemovedImages.Contains($"team/{service}:{tag}"));

    /// <summary>Whether a slot and the edge before it work: so nothing that broke them is left.</summary>
    public static bool IsWhole(MemoryCluster cluster, Slot slot) =>
        cluster.Edge.IsRunning
        && cluster.Edge.Networks.Contains("zz.store." + slot.Name())
        && new SlotState(slot, cluster.Of(slot)).Routes.All(cluster.IsPublished)
        && (
            cluster.Of(slot).IsEmpty
            || Services.All(service => cluster.Of(slot).Any(container => container.Service == service))
                && cluster
                    .Of(slot)
                    .All(container =>
                        container.IsHealthy
                        || container is { IsExclusive: true, IsRouted: false }
                        || container.State is "exited" or "created" && !cluster.Crashed.Contains(container.Id)
                    )
        );
}
