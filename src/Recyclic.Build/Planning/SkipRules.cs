namespace Recyclic.Build.Planning;

/// <summary>Which targets of a plan are left out, and why.</summary>
internal static class SkipRules
{
    /// <param name="order">The plan, in order.</param>
    /// <param name="invoked">Targets asked for by name: only their own conditions skip them.</param>
    /// <param name="viaParameter">Targets named by <c>--skip</c>; null when it is not given, empty for all that are not
    /// invoked.</param>
    /// <param name="unmet">Targets with a static condition that does not hold, and its text.</param>
    public static IReadOnlyDictionary<string, string> Reasons(
        IReadOnlyList<TargetNode> order,
        IReadOnlyCollection<string> invoked,
        IReadOnlyCollection<string>? viaParameter,
        IReadOnlyDictionary<string, string> unmet
    )
    {
        var cascade = new Cascade(order, invoked);
        if (viaParameter is not null)
            foreach (
                var node in order.Where(node =>
                    !invoked.Contains(node.Name) && (viaParameter.Count == 0 || viaParameter.Contains(node.Name))
                )
            )
                cascade.Skip(node, "via parameter");
        foreach (var node in order)
            if (unmet.TryGetValue(node.Name, out var condition))
                cascade.Skip(node, $"OnlyWhen: {condition}");
        return cascade.Reasons;
    }

    /// <summary>Skips a target's dependencies too, once nothing that still counts needs them.</summary>
    private sealed class Cascade
    {
        private readonly Dictionary<string, TargetNode> _nodes;
        private readonly Dictionary<string, int> _needs;
        private readonly HashSet<string> _invoked;
        private readonly Dictionary<string, string> _reasons = [];

        public Cascade(IReadOnlyList<TargetNode> order, IReadOnlyCollection<string> invoked)
        {
            _nodes = order.ToDictionary(node => node.Name);
            _needs = order.ToDictionary(node => node.Name, _ => 0);
            _invoked = [.. invoked];
            foreach (var name in order.SelectMany(Needed))
                _needs[name]++;
        }

        public IReadOnlyDictionary<string, string> Reasons => _reasons;

        public void Skip(TargetNode first, string why)
        {
            var due = new Queue<(TargetNode Node, string Reason)>([(first, why)]);
            while (due.TryDequeue(out var next))
            {
                // A target that keeps its dependencies when skipped goes on needing them.
                if (
                    !_reasons.TryAdd(next.Node.Name, next.Reason)
                    || next.Node.WhenSkipped == DependencyBehavior.Execute
                )
                    continue;
                foreach (var name in Needed(next.Node))
                    _needs[name]--;
                foreach (var name in next.Node.DependsOn)
                    if (_needs[name] == 0 && !_invoked.Contains(name))
                        due.Enqueue((_nodes[name], $"because of {next.Node.Name}"));
            }
        }

        private static IEnumerable<string> Needed(TargetNode node) => node.DependsOn.Concat(node.Triggers).Distinct();
    }
}
