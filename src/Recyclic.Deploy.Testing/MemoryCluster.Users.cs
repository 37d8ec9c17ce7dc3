namespace Recyclic.Deploy.Testing;

/// <summary>What users see of it.</summary>
internal sealed partial class MemoryCluster
{
    /// <summary>
    /// What users saw over time: a tag, a tag that is `(sick)`, `wait` while a routed service is handed over and the edge lets
    /// its users wait, `gap` where it does not, `nothing`, or two joined by `~`: a canary, the
    /// release that was committed first.
    /// </summary>
    public List<string> Seen { get; } = ["nothing"];

    /// <summary>By what each of <see cref="Seen"/> came about.</summary>
    public List<string> SeenBecause { get; } = ["the beginning"];

    /// <summary>What was done when users had what would not come back with the engine; null: nothing.</summary>
    public string? Unprotected { get; private set; }

    private bool HasCommitted =>
        JournalLines
            .FindLast(line =>
                line.Contains("\"kind\":\"Commit\"", StringComparison.Ordinal)
                || line.Contains("\"kind\":\"Withdraw\"", StringComparison.Ordinal)
            )
            ?.Contains("\"kind\":\"Commit\"", StringComparison.Ordinal) == true;

    /// <summary>Whether an exclusive service ever ran twice.</summary>
    public bool RanTwice { get; private set; }

    public string SeenNow()
    {
        if (IsServedByPlainCompose)
            return PlainCompose;
        if (!Answering.IsRunning || Share is not { } share)
            return "nothing";
        if (share is 0 or 100)
            return SeenIn(share == 0 ? Slot.Blue : Slot.Green, isWhole: true);
        // What is in one slot alone is asked where the release is that was committed.
        var committed = Journal.Current?.Slot ?? Slot.Blue;
        var (old, fresh) = (SeenIn(committed, isWhole: true), SeenIn(committed.Other(), isWhole: false));
        return old == "nothing" || fresh == "nothing" ? "nothing"
            : old is "wait" or "gap" ? old
            : old == fresh ? old
            : $"{old}~{fresh}";
    }

    /// <param name="isWhole">Whether what must not run twice is asked there too.</param>
    private string SeenIn(Slot slot, bool isWhole)
    {
        if (
            !Answering.Networks.Any(network =>
                network.StartsWith("zz.", StringComparison.Ordinal)
                && network.EndsWith("." + slot.Name(), StringComparison.Ordinal)
            )
        )
            return "nothing";
        var needed = new SlotState(slot, Of(slot)).Needed.ToLookup(container => container.IsExclusive);
        var (routed, stopFirst) = (
            needed[false].ToList(),
            needed[true].Where(container => container.IsRouted && isWhole).ToList()
        );
        var inOneSlot = isWhole
            ? []
            : Containers.Where(container => container.IsExclusive).Select(container => container.Service).ToHashSet();
        if (
            routed
                .Concat(stopFirst)
                .SelectMany(container => Route.FromLabel(container.Label(Naming.RoutesLabel)))
                .Any(route => !IsPublished(route))
        )
            return "nothing";
        if (routed.Concat(stopFirst).Any(container => Nameless.Contains(container.Id)))
            return "nothing";
        if (
            routed.Count + stopFirst.Count == 0
            || RoutedServices
                .Except(routed.Concat(stopFirst).Select(container => container.Service))
                .Except(inOneSlot)
                .Any()
            || routed.Any(container => !container.IsRunning || container.Health == "starting")
        )
            return "nothing";
        if (stopFirst.Any(container => !container.IsRunning || container.Health == "starting"))
            return Held.Until != Share && stopFirst.All(container => Held.Services.Contains(container.Service))
                ? "wait"
                : "gap";
        routed.AddRange(stopFirst);
        return string.Join("+", routed.Select(container => container.Label(Naming.TagLabel)).Distinct())
            + (routed.All(container => container.IsHealthy) ? "" : " (sick)");
    }

    /// <summary>By a gate, also by that of another address which its own one is to go for, or by an old edge.</summary>
    public bool IsPublished(Route route) =>
        route.IsInside
        || PortGate.Of(route) is var gate
            && (
                Gates.Any(there => there.IsRunning && (there.Gate == gate || there.Gate.IsInTheWayOf(gate)))
                || ReplacedEdges.Append(Edge).Any(edge => edge.Ports.Contains(gate.ToString()))
            );

    private void NoteWhatUsersSee(string because)
    {
        if (Seen[^1] != SeenNow())
        {
            Seen.Add(SeenNow());
            SeenBecause.Add(
                Journal is { Current: null } or { Interrupted.Before: null, Interrupted: not null }
                    ? $"first deploy: {because}"
                    : because
            );
        }
        if (
            HasCommitted
            && SeenNow() != "nothing"
            && (Share is 0 or 100 ? new[] { Share == 0 ? Slot.Blue : Slot.Green } : Enum.GetValues<Slot>())
                .SelectMany(slot => Of(slot))
                .Any(container =>
                    (container.IsGated || container is { IsRouted: true, IsRunning: true })
                    && !container.RestartsByItself
                )
        )
            Unprotected ??= because;
        RanTwice |= RunsTwiceBesidePlainCompose;
        RanTwice |= Containers
            .Where(container => container.IsRunning && container.Label(Naming.ExclusiveLabel) == "true")
            .GroupBy(container => container.Service)
            .Any(same => same.Count() > 1);
    }
}
