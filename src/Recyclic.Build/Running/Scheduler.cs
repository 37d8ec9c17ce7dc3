using System.Collections.Immutable;

namespace Recyclic.Build.Running;

/// <summary>Decides what may begin now. Pure: a graph and statuses in, places out.</summary>
internal static class Scheduler
{
    /// <param name="graph">The targets of the run, in the order of the plan.</param>
    /// <param name="statuses">The status of each, in the same order.</param>
    /// <param name="degree">How many may run side by side; 1 gives the order of the plan.</param>
    public static ImmutableArray<int> Ready(RunGraph graph, IReadOnlyList<ExecutionStatus> statuses, int degree) =>
        Ready(
            graph,
            i => statuses[i],
            [.. Enumerable.Range(0, statuses.Count).Where(i => statuses[i] == ExecutionStatus.Running)],
            degree,
            from: 0
        );

    /// <param name="running">Those that run now.</param>
    /// <param name="from">All before this one have ended, so that a long plan is not read from its start each
    /// time.</param>
    public static ImmutableArray<int> Ready(
        RunGraph graph,
        Func<int, ExecutionStatus> statusOf,
        IEnumerable<int> running,
        int degree,
        int from
    )
    {
        var busy = running.ToHashSet();
        var ready = ImmutableArray.CreateBuilder<int>();
        for (var i = from; i < graph.Nodes.Length && busy.Count < degree; i++)
        {
            var node = graph.Nodes[i];
            if (
                statusOf(i) != ExecutionStatus.Scheduled
                || !node.Predecessors.All(p => IsSettled(statusOf(p)))
                || node.Exclusives.Any(busy.Contains)
            )
                continue;
            busy.Add(i);
            ready.Add(i);
        }
        return ready.ToImmutable();
    }

    public static bool IsSettled(ExecutionStatus status) =>
        status is not (ExecutionStatus.Scheduled or ExecutionStatus.Running);
}
