using System.Collections.Immutable;
using System.Text;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// What a failure means depends on the phase alone: undo before and during the watch, a warning in retire.
/// </summary>
public enum Phase
{
    /// <summary>No user sees it.</summary>
    Prepare,

    /// <summary>Users move, and the release is committed.</summary>
    Shift,

    /// <summary>Users are on the new release, and the old one is kept warm.</summary>
    Watch,

    /// <summary>The old release is drained and stopped.</summary>
    Retire,
}

/// <param name="Phase">What a failure of the step means.</param>
/// <param name="Action">What is done.</param>
/// <param name="Undo">What takes the step back, in this order. Registered before the step runs: a failed step may have
/// half happened.</param>
public sealed record PlannedStep(Phase Phase, DeployStep Action, params ImmutableArray<DeployStep> Undo);

/// <summary>What a deploy or rollback will do. A dry run prints this very object; a real run executes it.</summary>
/// <param name="Operation">What it sets out to do.</param>
/// <param name="BasedOn">The host for which it was made; it holds for no other.</param>
/// <param name="To">What users have in the end.</param>
/// <param name="Slot">Where that runs.</param>
/// <param name="Steps">In their order; the phases follow each other.</param>
/// <param name="Notes">What a person should know beforehand, a line each.</param>
public sealed record DeployPlan(
    Operation Operation,
    Snapshot BasedOn,
    Release To,
    Slot Slot,
    ImmutableArray<PlannedStep> Steps,
    ImmutableArray<string> Notes
)
{
    /// <summary>Where a release that it starts keeps what it writes without the file naming a volume.</summary>
    public ImmutableArray<DataVolume> Volumes =>
        [.. Steps.Select(step => step.Action).OfType<StartRelease>().SelectMany(step => step.Volumes)];

    /// <summary>What it writes while the release before it does so too.</summary>
    public ImmutableArray<SharedVolume> Shared { get; init; } = [];

    /// <summary>What it changes besides the release's name and its images' content; default: nothing.</summary>
    public ImmutableArray<ConfigurationChange> Changes { get; init; } = [];

    /// <summary>Whether it moves users by an edge; false: nothing is published. Default: true.</summary>
    public bool IsRouted { get; init; } = true;

    /// <summary>Whether the release that serves before it runs on after it, without traffic.</summary>
    public bool KeepsWarm =>
        BasedOn.Current is not null && !Steps.Any(step => step is { Phase: Phase.Retire, Action: StopRelease });

    /// <summary>
    /// What a dry run prints: a line a step with what would take it back, and a line feed at the end. Stable: pages and
    /// tests show it.
    /// </summary>
    public string ToText()
    {
        var text = new StringBuilder();
        var from =
            BasedOn.Current is not { Release: var current } ? $"{To.Tag} (first release)"
            // One name, other content: only their ids tell them apart.
            : current.Tag == To.Tag && current.Id != To.Id ? $"{current.Id} -> {To.Id}"
            : $"{current.Tag} -> {To.Tag}";
        text.Append($"{(Operation == Operation.Deploy ? "deploy" : "roll back")} {BasedOn.App}: {from}\n");
        var number = 0;
        var width = Steps
            .Where(step => !step.Undo.IsEmpty)
            .Select(step => step.Action.Describe().Length)
            .DefaultIfEmpty()
            .Max();
        foreach (var phase in Steps.GroupBy(step => step.Phase))
        {
            text.Append(Headline(phase, IsRouted)).Append('\n');
            foreach (var step in phase)
            {
                var undo = step.Undo.IsEmpty
                    ? ""
                    : "   undo: " + string.Join(", ", step.Undo.Select(u => u.Describe()));
                text.Append(
                    $"{++number, 3}. {(undo.Length == 0 ? step.Action.Describe() : step.Action.Describe().PadRight(Math.Min(width, 60)))}{undo}\n"
                );
            }
        }
        if (!Changes.IsEmpty)
            text.Append("changes besides the tag\n");
        foreach (var line in ConfigurationChanges.Lines(Changes))
            text.Append($"  {line}\n");
        foreach (var note in Notes)
            text.Append($"note: {note}\n");
        return text.ToString();
    }

    private static string Headline(IGrouping<Phase, PlannedStep> phase, bool isRouted) =>
        (phase.Key, isRouted) switch
        {
            (Phase.Prepare, true) when phase.Any(step => step.Action.HasGap) =>
                "prepare (no user sees it, but for the gap that is named; a failure undoes the rest)",
            (Phase.Prepare, true) => "prepare (no user sees it; a failure undoes everything)",
            (Phase.Shift, true) => "shift (users move; a failure moves them back)",
            (Phase.Watch, true) =>
                "watch (users are on the new release, the old one is warm; a failure moves them back)",
            (Phase.Prepare, _) => "prepare (the new release starts; a failure undoes everything)",
            (Phase.Shift, _) => "shift (the new release takes over; a failure takes it back)",
            (Phase.Watch, _) => "watch (the new release has taken over, the old one is warm; a failure takes it back)",
            _ => "retire (past the point of no return; a failure is a warning)",
        };
}
