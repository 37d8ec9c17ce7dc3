using System.Collections.Immutable;

namespace Recyclic.Build.Running;

/// <summary>
/// A target of a run: the places of those that end before it begins, and of those that never run beside it.
/// </summary>
internal sealed record RunNode(ImmutableArray<int> Predecessors, ImmutableArray<int> Exclusives);

/// <summary>What the order of a run depends on, in the order of the plan.</summary>
internal sealed record RunGraph(ImmutableArray<RunNode> Nodes)
{
    public static RunGraph Of(IReadOnlyList<ExecutableTarget> order)
    {
        var places = order.Select((target, place) => (target, place)).ToDictionary(t => t.target.Name, t => t.place);
        var predecessors = order.Select(_ => new SortedSet<int>()).ToArray();
        var exclusives = order.Select(_ => new SortedSet<int>()).ToArray();
        for (var i = 0; i < order.Count; i++)
        {
            var node = order[i].Node;
            foreach (var earlier in node.DependsOn.Concat(node.After))
                if (places.TryGetValue(earlier, out var place))
                    predecessors[i].Add(place);
            foreach (var later in node.Triggers)
                if (places.TryGetValue(later, out var place))
                    predecessors[place].Add(i);
            foreach (var other in order[i].Exclusives)
                for (var place = 0; place < order.Count; place++)
                    if (place != i && order[place].Factory == other)
                    {
                        exclusives[i].Add(place);
                        exclusives[place].Add(i);
                    }
        }
        return new([.. order.Select((_, i) => new RunNode([.. predecessors[i]], [.. exclusives[i]]))]);
    }
}
