using System.Collections.Immutable;
using Recyclic.Build.Definition;
using Recyclic.Build.Planning;

namespace Recyclic.Build;

/// <summary>A target of a build, with all that its definition says.</summary>
public sealed class ExecutableTarget
{
    private readonly TargetDefinition _definition;

    internal ExecutableTarget(TargetNode node, Target factory, TargetDefinition definition, bool isDefault)
    {
        Node = node;
        Factory = factory;
        _definition = definition;
        IsDefault = isDefault;
    }

    public string Name => Node.Name;
    public string? Description => _definition.DescriptionText;

    /// <summary>Whether the target runs when none is named.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether <c>--help</c> shows it.</summary>
    public bool IsListed => !_definition.IsUnlisted;

    /// <summary>Names of the direct dependencies.</summary>
    public IReadOnlyList<string> DependsOn => Node.DependsOn;

    /// <summary>Names of the targets that this one brings into the plan, to run after it.</summary>
    public IReadOnlyList<string> Triggers => Node.Triggers;

    /// <summary>Patterns of the files that the target makes.</summary>
    public IReadOnlyList<string> Produces => _definition.Products;

    /// <summary>Patterns of the files that the target reads, by the name of the target that makes them.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<string>> Consumes { get; internal init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The values that the target sets for others.</summary>
    public IReadOnlyList<TargetOutput> Outputs => _definition.DeclaredOutputs;

    internal TargetNode Node { get; }
    internal Target Factory { get; }
    internal ImmutableArray<Func<CancellationToken, Task>> Actions => [.. _definition.Actions.Select(Running.TargetToken.Around)];
    internal IReadOnlyList<Condition> StaticConditions => _definition.StaticConditions;
    internal IReadOnlyList<Condition> DynamicConditions => _definition.DynamicConditions;
    internal IReadOnlyList<Requirement> Requirements => _definition.Requirements;
    internal bool ProceedsAfterFailure => _definition.ProceedsAfterFailure;
    internal bool IsCollective => _definition.Actions.Count == 0;
    internal bool RunsTests => _definition.IsTesting;
    internal bool LeavesNothing => _definition.IsWithoutTrace;
    internal bool IsAssured => _definition.IsAssured;
    internal IReadOnlyList<Target> FailureTargets => _definition.FailureTargets;
    internal IReadOnlyList<Target> Exclusives => _definition.Exclusives;
    internal TimeSpan? Timeout => _definition.Timeout;
    internal int Retries => _definition.Retries;

    public override string ToString() => Name;
}

/// <summary>How far a target has come.</summary>
public enum ExecutionStatus
{
    Scheduled,
    Running,
    Succeeded,
    Failed,

    /// <summary>Cancelled while it ran.</summary>
    Aborted,
    Skipped,

    /// <summary>Its turn did not come.</summary>
    NotRun,

    /// <summary>It has no action of its own.</summary>
    Collective,
}

/// <summary>Lets <c>InvokedTargets.Contains(Deploy)</c> be written with the property.</summary>
public static class ExecutableTargetExtensions
{
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) => targets.Any(t => t.Factory == target);
}
