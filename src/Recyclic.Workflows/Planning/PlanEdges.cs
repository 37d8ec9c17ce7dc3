using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// The local plan of a workflow's targets, and who comes before whom in it. Targets that each machine runs for itself,
/// and those that are left out, are looked through.
/// </summary>
internal sealed class PlanEdges
{
    private readonly Dictionary<string, GraphTarget> _targets;
    private readonly HashSet<string> _onEachRunner;
    private readonly HashSet<string> _transparent;
    private readonly ILookup<string, string> _triggeredBy;

    public PlanEdges(NamedWorkflow workflow, BuildGraph graph)
    {
        var plan = graph.Order(workflow.Targets);
        _targets = plan.ToDictionary(target => target.Name);
        _onEachRunner = [.. workflow.OnEachRunner];
        _triggeredBy = plan.SelectMany(target => target.Triggers.Select(triggered => (triggered, target.Name)))
            .ToLookup(t => t.triggered, t => t.Name);
        Plan = [.. graph.Order(workflow.Targets, workflow.Skips).Select(target => target.Name)];
        _transparent = [.. _onEachRunner, .. _targets.Keys.Except(Plan)];
        Order = [.. Plan.Where(name => !_onEachRunner.Contains(name))];
        Graph = graph;
    }

    public BuildGraph Graph { get; }

    /// <summary>All that a local run would run.</summary>
    public ImmutableArray<string> Plan { get; }

    /// <summary>The targets that have a job, in the order of the local plan.</summary>
    public ImmutableArray<string> Order { get; }

    public GraphTarget this[string name] =>
        _targets.TryGetValue(name, out var target) ? target : Graph.Targets.First(t => t.Name == name);

    /// <summary>Targets with a job that must have ended before this one begins.</summary>
    public HashSet<string> Before(string target) =>
        WithJob(Reach(target, name => name == target || _transparent.Contains(name), Direct));

    /// <summary>The targets of this machine alone that the target depends on.</summary>
    public HashSet<string> PreparedBy(string target) =>
        [
            .. Reach(target, name => name == target || _onEachRunner.Contains(name), name => this[name].DependsOn)
                .Where(_onEachRunner.Contains),
        ];

    /// <summary>
    /// Everything that comes before the target, at any distance: what sets outputs that it can read, as locally.
    /// </summary>
    public HashSet<string> AllBefore(string target) => WithJob(Reach(target, _ => true, Direct));

    public bool IsOnEachRunner(string name) => _onEachRunner.Contains(name);

    /// <summary>Whether a target depends on another, at any distance.</summary>
    public bool DependsOn(string target, string other) =>
        Reach(target, _ => true, name => this[name].DependsOn).Contains(other);

    private IEnumerable<string> Direct(string name) =>
        this[name].DependsOn.Concat(this[name].After).Concat(_triggeredBy[name]).Where(_targets.ContainsKey);

    private static HashSet<string> Reach(string from, Func<string, bool> goesOn, Func<string, IEnumerable<string>> next)
    {
        var seen = new HashSet<string>();
        var due = new Stack<string>([from]);
        while (due.TryPop(out var name))
            if (goesOn(name))
                foreach (var other in next(name))
                    if (seen.Add(other))
                        due.Push(other);
        return seen;
    }

    private HashSet<string> WithJob(HashSet<string> names)
    {
        names.ExceptWith(_transparent);
        return names;
    }
}
