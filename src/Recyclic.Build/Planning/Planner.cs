using System.Collections.Immutable;

namespace Recyclic.Build.Planning;

/// <summary>Names in, one order out. Dependencies and triggers decide what runs, all edges decide when, the order asked for breaks ties.</summary>
internal static class Planner
{
    /// <exception cref="CircularDependencyException">The edges leave no order.</exception>
    public static ImmutableArray<string> Order(IReadOnlyCollection<TargetNode> all, IReadOnlyList<string> invoked)
    {
        var nodes = all.ToDictionary(node => node.Name);
        var wanted = DependenciesFirst(nodes, invoked);
        var predecessors = PredecessorsOf(nodes, wanted);
        var order = ImmutableArray.CreateBuilder<string>(wanted.Count);
        while (wanted.Count > 0)
        {
            var ready = wanted.Find(name => predecessors[name].All(order.Contains))
                ?? throw new CircularDependencyException(CycleIn(wanted, predecessors));
            wanted.Remove(ready);
            order.Add(ready);
        }
        return order.ToImmutable();
    }

    private static List<string> DependenciesFirst(Dictionary<string, TargetNode> nodes, IReadOnlyList<string> invoked)
    {
        var seen = new HashSet<string>();
        var order = new List<string>();

        void Visit(string name)
        {
            if (!seen.Add(name)) return;
            foreach (var dependency in nodes[name].DependsOn) Visit(dependency);
            order.Add(name);
            foreach (var triggered in nodes[name].Triggers) Visit(triggered);
        }

        foreach (var name in invoked) Visit(name);
        return order;
    }

    private static Dictionary<string, List<string>> PredecessorsOf(Dictionary<string, TargetNode> nodes, List<string> wanted)
    {
        var inPlan = wanted.ToHashSet();
        var predecessors = wanted.ToDictionary(name => name, name => nodes[name].DependsOn.Concat(nodes[name].After.Where(inPlan.Contains)).ToList());
        foreach (var name in wanted)
            foreach (var triggered in nodes[name].Triggers)
                predecessors[triggered].Add(name);
        return predecessors;
    }

    private static ImmutableArray<string> CycleIn(List<string> remaining, Dictionary<string, List<string>> predecessors)
    {
        var path = new List<string> { remaining[^1] };
        while (true)
        {
            var next = predecessors[path[^1]].First(remaining.Contains);
            var start = path.IndexOf(next);
            path.Add(next);
            if (start >= 0) return [.. path[start..]];
        }
    }
}

/// <summary>Targets that wait for each other.</summary>
internal sealed class CircularDependencyException(ImmutableArray<string> cycle)
    : Exception($"circular dependencies between targets: {string.Join(" -> ", cycle)}")
{
    /// <summary>Each target waits for the next; the first and the last are the same.</summary>
    public ImmutableArray<string> Cycle { get; } = cycle;
}
