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

    /// <summary>The name of the target's property.</summary>
    public string Name => Node.Name;

    /// <summary>One sentence for <c>--help</c>; null: none is given.</summary>
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
    public IReadOnlyDictionary<string, ImmutableArray<string>> Consumes { get; internal init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>
    /// What it is made of, as <see cref="ITargetDefinition.OnlyWhenChanged"/> has it; empty: it runs whenever it is to.
    /// </summary>
    public IReadOnlyList<string> Inputs => _definition.Inputs;

    /// <summary>The values that the target sets for others.</summary>
    public IReadOnlyList<TargetOutput> Outputs => _definition.DeclaredOutputs;

    internal TargetNode Node { get; }
    internal Target Factory { get; }
    internal ImmutableArray<Func<CancellationToken, Task>> Actions =>
        [.. _definition.Actions.Select(Running.TargetToken.Around)];
    internal IReadOnlyList<Condition> StaticConditions => _definition.StaticConditions;
    internal IReadOnlyList<Condition> DynamicConditions => _definition.DynamicConditions;
    internal IReadOnlyList<Requirement> Requirements => _definition.Requirements;
    internal bool ProceedsAfterFailure => _definition.ProceedsAfterFailure;
    internal bool IsCollective => _definition.Actions.Count == 0;
    internal bool RunsTests => _definition.IsTesting;
    internal bool OwnsOutput => _definition.HasOutput;
    internal bool LeavesNothing => _definition.IsWithoutTrace;
    internal bool IsAssured => _definition.IsAssured;
    internal IReadOnlyList<Target> FailureTargets => _definition.FailureTargets;
    internal IReadOnlyList<Target> Exclusives => _definition.Exclusives;
    internal TimeSpan? Timeout => _definition.Timeout;
    internal int Retries => _definition.Retries;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>How far a target has come.</summary>
public enum ExecutionStatus
{
    /// <summary>Its turn has yet to come.</summary>
    Scheduled,

    /// <summary>Its actions run.</summary>
    Running,

    /// <summary>All of its actions have run.</summary>
    Succeeded,

    /// <summary>An action threw, or its time was over.</summary>
    Failed,

    /// <summary>Cancelled while it ran.</summary>
    Aborted,

    /// <summary>
    /// Left out: by a condition, by <c>--skip</c>, because nothing has changed, or because nothing needs it.
    /// </summary>
    Skipped,

    /// <summary>Its turn did not come.</summary>
    NotRun,

    /// <summary>It has no action of its own.</summary>
    Collective,
}

/// <summary>Lets <c>InvokedTargets.Contains(Deploy)</c> be written with the property.</summary>
public static class ExecutableTargetExtensions
{
    /// <summary>Whether the target of this property is among them.</summary>
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) =>
        targets.Any(t => t.Factory == target);
}
