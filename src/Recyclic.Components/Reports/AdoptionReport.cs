using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what is said of an application that ran under plain compose before it was deployed.</summary>
internal static class AdoptionReport
{
    /// <summary>What users have after a first deploy that failed, by what was read back; null: nothing ran before.</summary>
    public static string? Users(DeployOutcome outcome)
    {
        if (outcome.Plan.BasedOn.Adopted is not { IsEmpty: false } adopted || outcome.After is { Current: not null })
            return null;
        if (outcome.After is not { } now)
            return "not known: the host could not be asked any more; it should be what ran before, under plain compose";
        var running = now
            .Accessories.Where(container => container.IsRunning)
            .Select(container => container.Id)
            .ToHashSet();
        var down = adopted.Where(container => !running.Contains(container.Id)).ToList();
        return down.Count == 0
            ? $"what ran before, under plain compose: {Names(adopted)}"
            : $"what ran before, under plain compose, but for {Names(down)}, which {(down.Count == 1 ? "does" : "do")} not run";
    }

    /// <summary>Containers of before the first deploy that are still there, stopped; Status names them by themselves.</summary>
    public static ImmutableArray<Container> Stopped(Snapshot now)
    {
        var ids = now.Journal.Adopted.Select(container => container.Id).ToHashSet();
        return [.. now.Accessories.Where(container => ids.Contains(container.Id) && !container.IsRunning)];
    }

    /// <summary>A line of Status; empty: nothing ran before.</summary>
    public static string Line(Snapshot now) =>
        Stopped(now) is { IsEmpty: false } stopped
            ? $"  before    {string.Join(", ", stopped.Select(container => PrintableText.Of(container.Name, 80)))}: stopped, of plain compose; docs/adoption.md says how to go back to them\n"
            : "";

    private static string Names(IEnumerable<AdoptedContainer> containers) =>
        string.Join(", ", containers.Select(container => PrintableText.Of(container.Name, 80)));
}
