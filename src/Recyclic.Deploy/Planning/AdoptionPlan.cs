using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: how the first deploy's steps take over from what plain compose runs.</summary>
internal static class AdoptionPlan
{
    /// <summary>
    /// What must not run twice stops before its successor starts; ports go to the edge when all of the release is behind
    /// it; the rest stops before the commit. Names lead to doors only once the edge has somebody to send callers to.
    /// </summary>
    public static ImmutableArray<PlannedStep> With(
        ImmutableArray<PlannedStep> steps,
        Application app,
        Snapshot now,
        Slot to
    )
    {
        if (now.Adopted.IsEmpty)
            return steps;
        var exclusive = app.Exclusives.Select(service => service.Name).ToHashSet();
        var first = now.Adopted.Where(container => exclusive.Contains(container.Service)).ToImmutableArray();
        var rest = now.Adopted.RemoveRange(first);
        var taken = steps.Select(step => TakeOverPorts.InsteadOf(step, rest, to)).ToImmutableArray();
        var others = taken.SequenceEqual(steps) ? rest : rest.RemoveRange(rest.Where(container => container.Publishes));
        return OpenDoors.AfterCutover([
            .. taken.SelectMany(step => StopAdopted.Before(step, first, others, to).Append(step)),
        ]);
    }

    /// <summary>What a plan says of it.</summary>
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        if (now.Adopted.IsEmpty)
            return Adoption.Beside(app, now);
        var adopted = now.Adopted;
        var notes = Adoption.Of(app, now)?.Lines.ToList() ?? [];
        foreach (
            var service in app.Exclusives.Where(service =>
                adopted.Any(each => each.Service == service.Name && each.Publishes)
            )
        )
            notes.Add(
                $"{service.Name} is stop-first: its port is closed from the stop of what runs until the new one has passed its gate"
            );
        var wanted = PortGate
            .Of(app.Routes)
            .Select(gate => gate.ToString())
            .Concat(OwnPorts.WantedBy(app, now))
            .ToList();
        var lost = adopted
            .SelectMany(container => container.Ports)
            .Distinct()
            .Where(port =>
                !wanted.Any(each => each[(each.LastIndexOf(':') + 1)..] == port[(port.LastIndexOf(':') + 1)..])
            )
            .ToList();
        if (lost.Count > 0)
            notes.Add(
                $"the file does not publish {string.Join(", ", lost)} any more: nobody answers there from the switch on"
            );
        notes.Add(
            "a failure gives all of it back: what was stopped is started again, which takes as long as it takes to start"
        );
        return notes;
    }

    /// <summary>Whether a port that is wanted is one of those that are taken over.</summary>
    public static bool IsTakenOver(Snapshot now, string port) => now.Adopted.Any(container => container.Holds(port));

    /// <summary>What is left to be done when the release stays.</summary>
    public static IEnumerable<DeployStep> Finish(Snapshot now, InterruptedDeploy interrupted)
    {
        var left = interrupted
            .Adopted.In(now)
            .Where(container => container.State is not ("exited" or "created" or "dead") || container.RestartsByItself)
            .Select(container => container.Id)
            .ToHashSet();
        var there = interrupted.Adopted.Where(container => left.Contains(container.Id)).ToImmutableArray();
        var gates = interrupted.Adopted.IsEmpty
            ? []
            : PortGate.Of(now[interrupted.Slot].Routes).Where(gate => !now.IsOpen(gate)).ToImmutableArray();
        ImmutableArray<AdoptedContainer> publishing = gates.IsEmpty ? [] : [.. there.Where(each => each.Publishes)];
        if (!gates.IsEmpty && now.Traits.HasEdge)
            yield return new TakeOverPorts(gates, publishing, interrupted.Slot);
        if (there.RemoveRange(publishing) is { IsEmpty: false } rest)
            yield return new StopAdopted(rest, interrupted.Slot);
    }
}
