namespace Recyclic.Build.Planning;

/// <summary>Which targets of a plan are left out, and why.</summary>
internal static class SkipRules
{
    /// <param name="order">The plan, in order.</param>
    /// <param name="invoked">Targets asked for by name: only their own conditions skip them.</param>
    /// <param name="viaParameter">Targets named by <c>--skip</c>; null when it is not given, empty for all that are not invoked.</param>
    /// <param name="unmet">Targets with a static condition that does not hold, and its text.</param>
    public static IReadOnlyDictionary<string, string> Reasons(
        IReadOnlyList<TargetNode> order, IReadOnlyCollection<string> invoked, IReadOnlyCollection<string>? viaParameter, IReadOnlyDictionary<string, string> unmet)
    {
        var reasons = new Dictionary<string, string>();

        void Skip(TargetNode node, string reason)
        {
            if (!reasons.TryAdd(node.Name, reason) || node.WhenSkipped == DependencyBehavior.Execute) return;
            foreach (var dependency in order.Where(n => node.DependsOn.Contains(n.Name) && !invoked.Contains(n.Name)))
                if (!order.Any(other => !reasons.ContainsKey(other.Name) && Needs(other, dependency)))
                    Skip(dependency, $"because of {node.Name}");
        }

        foreach (var node in order)
            if (viaParameter is not null && !invoked.Contains(node.Name) && (viaParameter.Count == 0 || viaParameter.Contains(node.Name)))
                Skip(node, "via parameter");
        foreach (var node in order)
            if (unmet.TryGetValue(node.Name, out var condition))
                Skip(node, $"OnlyWhen: {condition}");
        return reasons;
    }

    private static bool Needs(TargetNode other, TargetNode node) => other.DependsOn.Contains(node.Name) || other.Triggers.Contains(node.Name);
}
