using System.Collections.Immutable;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Definition;

/// <summary>
/// From what definitions say of each other to edges between names; each is said on one side and may count on the other.
/// </summary>
internal sealed class TargetEdges
{
    private readonly Dictionary<string, TargetDefinition> _definitions;
    private readonly Dictionary<Target, string> _names = new(TargetComparer.Instance);
    private readonly Dictionary<string, List<string>> _dependsOn;
    private readonly Dictionary<string, List<string>> _after;
    private readonly Dictionary<string, List<string>> _triggers;
    private readonly string _build;
    private readonly List<string> _mistakes;

    public TargetEdges(
        Dictionary<string, TargetDefinition> definitions,
        Dictionary<string, Target> factories,
        string build,
        List<string> mistakes
    )
    {
        (_definitions, _build, _mistakes) = (definitions, build, mistakes);
        foreach (var (name, factory) in factories)
            _names.TryAdd(factory, name);
        _dependsOn = Both(d => d.Dependencies, d => d.Dependents);
        _after = Both(d => [.. d.Predecessors, .. d.Consumed.Select(c => c.Target)], d => d.Successors);
        _triggers = Both(d => d.Triggered, d => d.Triggering);
        // These make no edge, but must name targets of this build too.
        foreach (var (name, definition) in definitions)
            Names(name, [.. definition.FailureTargets, .. definition.Exclusives]);
    }

    public TargetNode NodeOf(string name) =>
        new(name)
        {
            DependsOn = _dependsOn[name],
            After = _after[name],
            Triggers = _triggers[name],
            WhenSkipped = _definitions[name].DependencyBehavior,
        };

    /// <summary>The patterns of the files that a target reads, by the target that makes them.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> ConsumedBy(string name) =>
        _definitions[name]
            .Consumed.GroupBy(c => _names[c.Target])
            .ToImmutableDictionary(
                g => g.Key,
                g =>
                    g.SelectMany(c => c.Artifacts.Length > 0 ? c.Artifacts : [.. _definitions[g.Key].Products])
                        .Distinct()
                        .ToImmutableArray()
            );

    private Dictionary<string, List<string>> Both(
        Func<TargetDefinition, List<Target>> own,
        Func<TargetDefinition, List<Target>> reversed
    )
    {
        var edges = _definitions.ToDictionary(d => d.Key, d => Names(d.Key, own(d.Value)));
        foreach (var (name, definition) in _definitions)
        foreach (var other in Names(name, reversed(definition)))
            edges[other].Add(name);
        foreach (var list in edges.Values.Where(list => list.Count > 1))
        {
            string[] distinct = [.. list.Distinct()];
            list.Clear();
            list.AddRange(distinct);
        }
        return edges;
    }

    private List<string> Names(string from, List<Target> targets)
    {
        var names = new List<string>();
        foreach (var target in targets)
            if (target is null)
                _mistakes.Add($"target {from} refers to a target that is null");
            else if (_names.TryGetValue(target, out var name))
                names.Add(name);
            else
                _mistakes.Add($"target {from} refers to a target that is not a property of {_build} or its components");
        return names;
    }
}
