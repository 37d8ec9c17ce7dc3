namespace Recyclic.Build.Planning;

/// <summary>A target as the planner sees it: a name and edges to other names.</summary>
internal sealed record TargetNode(string Name)
{
    public IReadOnlyList<string> DependsOn { get; init; } = [];
    public IReadOnlyList<string> After { get; init; } = [];
    public IReadOnlyList<string> Triggers { get; init; } = [];
    public DependencyBehavior WhenSkipped { get; init; }
}
