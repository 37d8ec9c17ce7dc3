namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What is on a host before a plan is made, built up in the words of a scenario.</summary>
internal static class Host
{
    /// <summary>
    /// A release is committed and serves; edge, networks and accessories are as that deploy left them.
    /// </summary>
    public static Snapshot Serving(Application app, string tag, Slot slot)
    {
        var naming = new Naming(app.Name);
        var now = Snapshot.Empty(app.Name) with
        {
            Share = slot.FullShare(),
            FileShare = slot.FullShare(),
            Accessories = [.. app.Accessories.Select(accessory => Given.Accessory(app, accessory.Name))],
            Networks = [.. naming.Networks],
        };
        now = now.Committed(app, tag, slot).Holding(app, slot, tag);
        var configuration = EdgeConfiguration.For(app.Name, app.Routes, app.Routes);
        return now with
        {
            Edge = new EdgeState(true, true, configuration.Hash, [], "edge:1", naming.Networks) { Id = "edge-id" },
            Gates = [.. PortGate.Of(app.Routes).Select(Open)],
        };
    }

    /// <summary>A gate that is there and works.</summary>
    public static GateState Open(PortGate gate) => new(gate, $"{gate}-id", $"gate-{gate}", true);

    /// <summary>
    /// A slot holds a release's containers. Those that must not run twice are stopped when the slot does not serve.
    /// </summary>
    public static Snapshot Holding(
        this Snapshot now,
        Application app,
        Slot slot,
        string tag,
        string state = "running",
        string health = "healthy"
    )
    {
        var containers = Given
            .Containers(app, slot, Given.Release(app, tag), state, health)
            .Select(container =>
                container.Label(Naming.ExclusiveLabel) == "true" && now.Current?.Slot != slot
                    ? container with
                    {
                        State = "exited",
                    }
                    : container
            );
        return now.With(slot, [.. containers]);
    }

    public static Snapshot With(this Snapshot now, Slot slot, ImmutableArray<Container> containers) =>
        slot == Slot.Blue
            ? now with
            {
                Blue = new SlotState(slot, containers),
            }
            : now with
            {
                Green = new SlotState(slot, containers),
            };

    /// <summary>A whole earlier deploy in the journal: begun, committed and ended.</summary>
    public static Snapshot Committed(
        this Snapshot now,
        Application app,
        string tag,
        Slot slot,
        Operation operation = Operation.Deploy,
        bool keepWarm = false
    )
    {
        var (id, release) = ($"{now.Generation}-{tag}", Given.Release(app, tag));
        return now.Recorded(
            new JournalRecord(Given.Noon, id, JournalKind.Begin)
            {
                Operation = operation,
                Release = release,
                Slot = slot,
                By = "ann@laptop",
                From = now.Current?.Release.Tag,
                KeepWarm = keepWarm ? true : null,
            },
            new JournalRecord(Given.Noon, id, JournalKind.Commit) { Release = release, Slot = slot },
            new JournalRecord(Given.Noon, id, JournalKind.End) { Outcome = Outcome.Success, Seconds = 3 }
        ) with
        {
            Generation = now.Generation + 1,
        };
    }

    /// <summary>A deploy that began and whose deployer died.</summary>
    public static Snapshot Begun(
        this Snapshot now,
        Application app,
        string tag,
        Slot slot,
        string step,
        Operation operation = Operation.Deploy
    ) =>
        now.Recorded(
            new JournalRecord(Given.Noon, "died", JournalKind.Begin)
            {
                Operation = operation,
                Release = Given.Release(app, tag),
                Slot = slot,
                By = "bob@ci",
            },
            new JournalRecord(Given.Noon, "died", JournalKind.StepBegun) { Number = 1, Step = step }
        );

    /// <summary>The commit of the deploy that died, or of its undo.</summary>
    public static Snapshot ThenCommitted(this Snapshot now, Application app, string tag, Slot slot) =>
        now.Recorded(
            new JournalRecord(Given.Noon, "died", JournalKind.Commit) { Release = Given.Release(app, tag), Slot = slot }
        ) with
        {
            Generation = now.Generation + 1,
        };

    public static Snapshot WithShare(this Snapshot now, int? share) =>
        now with
        {
            Share = share,
            FileShare = share ?? now.FileShare,
        };

    private static Snapshot Recorded(this Snapshot now, params IEnumerable<JournalRecord> records) =>
        now with
        {
            Journal = new Journal([.. now.Journal.Records, .. records]),
        };
}
