using System.Collections.Immutable;

namespace Recyclic.Build.Planning;

/// <summary>
/// Names in, one order out. Dependencies and triggers decide what runs, all edges decide when, the order asked for
/// breaks ties.
/// </summary>
internal static class Planner
{
    /// <exception cref="CircularDependencyException">The edges leave no order.</exception>
    public static ImmutableArray<string> Order(IReadOnlyCollection<TargetNode> all, IReadOnlyList<string> invoked)
    {
        var wanted = DependenciesFirst(all.ToDictionary(node => node.Name), invoked);
        var waiting = new WaitingTargets(wanted);
        var order = ImmutableArray.CreateBuilder<string>(wanted.Count);
        var cycles = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        while (true)
        {
            while (waiting.TryTakeReady(out var name))
                order.Add(name);
            if (waiting.IsEmpty)
                break;
            cycles.Add(waiting.TakeCycle());
        }
        return cycles.Count == 0 ? order.ToImmutable() : throw new CircularDependencyException(cycles.ToImmutable());
    }

    /// <summary>
    /// Each target after what it depends on and before what it triggers; without recursion, for a chain may be long.
    /// </summary>
    private static List<TargetNode> DependenciesFirst(
        Dictionary<string, TargetNode> nodes,
        IReadOnlyList<string> invoked
    )
    {
        var seen = new HashSet<string>();
        var order = new List<TargetNode>();
        var path = new Stack<Visit>();

        void Enter(string name)
        {
            if (seen.Add(name))
                path.Push(new(nodes[name]));
        }

        foreach (var name in invoked)
        {
            Enter(name);
            while (path.TryPeek(out var visit))
            {
                if (visit.Step < visit.Node.DependsOn.Count)
                    Enter(visit.Node.DependsOn[visit.Step]);
                else if (visit.Step == visit.Node.DependsOn.Count)
                    order.Add(visit.Node);
                else if (visit.Step - visit.Node.DependsOn.Count <= visit.Node.Triggers.Count)
                    Enter(visit.Node.Triggers[visit.Step - visit.Node.DependsOn.Count - 1]);
                else
                    path.Pop();
                visit.Step++;
            }
        }
        return order;
    }

    /// <summary>Steps: each dependency, the target itself, each target that it triggers.</summary>
    private sealed class Visit(TargetNode node)
    {
        public TargetNode Node { get; } = node;
        public int Step { get; set; }
    }
}

/// <summary>Targets that wait for each other.</summary>
internal sealed class CircularDependencyException(ImmutableArray<ImmutableArray<string>> cycles)
    : Exception(string.Join("\n", cycles.Select(Describe)))
{
    /// <summary>In each of them a target waits for the next one; the first and the last are the same.</summary>
    public ImmutableArray<ImmutableArray<string>> Cycles { get; } = cycles;

    public ImmutableArray<string> Cycle => Cycles[0];

    public static string Describe(ImmutableArray<string> cycle) =>
        $"circular dependencies between targets: {string.Join(" -> ", cycle)}";
}
