using System.Buffers;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// What must be true of targets that are in different jobs. Each job has a machine of its own and a fresh clone: a
/// target that builds on what another one has left, and does not get it, would work on nothing, and may succeed at
/// that. Pure. </summary>
internal static class EdgeRules
{
    /// <summary>Other systems cannot have them in the name of a file, so GitHub's upload refuses them.</summary>
    private static readonly SearchValues<char> NotInArtifacts = SearchValues.Create("\":<>|\r\n");

    public static IEnumerable<string> Mistakes(JobGraph jobs, BuildGraph graph)
    {
        var edges = new PlanEdges(jobs.Workflow, graph);
        foreach (
            var (name, pattern) in edges.Order.SelectMany(name =>
                edges[name]
                    .Produces.Concat(edges[name].Consumes.Values.SelectMany(patterns => patterns))
                    .Distinct()
                    .Select(pattern => (name, pattern))
            )
        )
            if (pattern.AsSpan().ContainsAny(NotInArtifacts))
                yield return $"target {name} names the files '{pattern}', which no artifact can hold: leave out \" : < > | and line ends";
            else if (IsElsewhere(pattern))
                yield return $"target {name} names the files '{pattern}': give them below the root of the repository, as in RootDirectory / \"output\" / \"*.nupkg\" or \"output/*.nupkg\", without '..'";
        foreach (var later in edges.Order.Where(name => !edges[name].IsCollective))
        foreach (var earlier in edges.Order.Where(DependenciesOf(later, edges).Contains))
        {
            var (from, to) = (jobs.JobOf(earlier), jobs.JobOf(later));
            if (
                from == to
                || edges[earlier].LeavesNothing
                || from.Place.Environment is not null
                || IsHanded(earlier, later, jobs, edges)
            )
                continue;
            yield return $"target {later} in the job {to.Id} depends on {earlier} in the job {from.Id}, another machine, and gets nothing from it. "
                + $"Carry its files: {earlier}.Produces(\"…\") and {later}.Consumes({earlier}); or a value: {earlier}.Outputs(…); or run it on each machine: OnEachRunner = [{earlier}]; or have both in one place. "
                + $"If {earlier} only checks, or works elsewhere, let it say so: {earlier}.LeavesNothing()"
                + (
                    jobs.Workflow.PlaceOf(earlier) == jobs.Workflow.Default
                    && jobs.Workflow.PlaceOf(later) == jobs.Workflow.Default
                    && SecretRules.Parted(edges[earlier], edges[later]) is { } why
                        ? $". ({why})"
                        : ""
                );
        }
    }

    /// <summary>Whether no clone on another machine has it there.</summary>
    private static bool IsElsewhere(string pattern) =>
        Path.IsPathRooted(pattern)
        || pattern.Contains("..", StringComparison.Ordinal)
        || pattern.Contains('\\', StringComparison.Ordinal)
        || pattern.Contains("${{", StringComparison.Ordinal);

    /// <summary>
    /// Targets with actions that this one depends on, seen through those that only join others and those that each
    /// machine runs for itself.
    /// </summary>
    private static HashSet<string> DependenciesOf(string target, PlanEdges edges)
    {
        var found = new HashSet<string>();
        var seen = new HashSet<string>();
        var due = new Stack<string>([target]);
        while (due.TryPop(out var next))
            foreach (var name in edges[next].DependsOn.Where(seen.Add))
                if (edges[name].IsCollective || edges.IsOnEachRunner(name))
                    due.Push(name);
                else
                    found.Add(name);
        return found;
    }

    /// <summary>
    /// Whether something reaches the later target that comes from the earlier one, or from a target that has built on
    /// it.
    /// </summary>
    private static bool IsHanded(string earlier, string later, JobGraph jobs, PlanEdges edges) =>
        edges
            .AllBefore(later)
            .Any(carrier =>
                jobs.JobOf(carrier) != jobs.JobOf(later)
                && (
                    !edges[carrier].Outputs.IsEmpty
                    || edges[later].Consumes.GetValueOrDefault(carrier) is { IsDefaultOrEmpty: false }
                )
                && (carrier == earlier || edges.DependsOn(carrier, earlier))
            );
}
