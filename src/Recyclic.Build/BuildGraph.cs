using System.Collections.Immutable;
using Recyclic.Build.Planning;

namespace Recyclic.Build;

/// <summary>A parameter as other programs need to know it.</summary>
/// <param name="Name">As on the command line, without dashes: <c>registry-password</c>.</param>
/// <param name="MemberName">The member that carries <see cref="ParameterAttribute"/>.</param>
/// <param name="Variable">The environment variable that gives it a value and is read last:
/// <c>REGISTRY_PASSWORD</c>.</param>
public sealed record BuildParameter(string Name, string MemberName, string Variable)
{
    /// <summary>One sentence for people; null: none is given.</summary>
    public string? Description { get; init; }

    /// <summary>Whether its value is not to be printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Required whatever runs.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it is true or false.</summary>
    public bool IsFlag { get; init; }

    /// <summary>Whether it is one number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The values that an enum has, as on the command line; empty: any text.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}

/// <summary>A target and what it says of others, as data. Names stand for targets.</summary>
public sealed record GraphTarget(string Name)
{
    /// <summary>Run before it, and are brought into the plan by it.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>Runs after these when they are in the same plan.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>Run after it, and are brought into the plan by it.</summary>
    public ImmutableArray<string> Triggers { get; init; } = [];

    /// <summary>The parameters that must have a value.</summary>
    public ImmutableArray<BuildParameter> Requires { get; init; } = [];

    /// <summary>Patterns of the files that it makes.</summary>
    public ImmutableArray<string> Produces { get; init; } = [];

    /// <summary>
    /// What it is made of: it is left out when nothing of that has changed; empty: it runs whenever it is to.
    /// </summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>Patterns of the files that it reads, by the target that makes them.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Consumes { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Names of the values that it sets for others.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>What becomes of its dependencies when it is left out.</summary>
    public DependencyBehavior WhenSkipped { get; init; }

    /// <summary>Whether it runs after a failure or a cancellation too.</summary>
    public bool IsAssured { get; init; }

    /// <summary>Whether its failure lets the others go on.</summary>
    public bool ProceedsAfterFailure { get; init; }

    /// <summary>Whether it has no action of its own and only joins others.</summary>
    public bool IsCollective { get; init; }

    /// <summary>Whether nothing on its machine is needed by those that depend on it.</summary>
    public bool LeavesNothing { get; init; }
}

/// <summary>All targets and parameters of a build, as data: what a workflow is derived from.</summary>
public sealed record BuildGraph(ImmutableArray<GraphTarget> Targets, ImmutableArray<BuildParameter> Parameters)
{
    /// <summary>What a run of these targets would run, in the order in which it would.</summary>
    /// <param name="invoked">Names of targets of this build.</param>
    /// <exception cref="TargetFailedException">The targets wait for each other; exit code 2.</exception>
    public ImmutableArray<GraphTarget> Order(IReadOnlyList<string> invoked)
    {
        var byName = Targets.ToDictionary(target => target.Name);
        try
        {
            return [.. Planner.Order([.. Targets.Select(NodeOf)], invoked).Select(name => byName[name])];
        }
        catch (CircularDependencyException exception)
        {
            throw new TargetFailedException(exception.Message, exitCode: 2, exception);
        }
    }

    /// <inheritdoc cref="Order(IReadOnlyList{string})"/>
    /// <param name="skipped">As <c>--skip</c> names them: what nothing else needs is left out with them.</param>
    public ImmutableArray<GraphTarget> Order(IReadOnlyList<string> invoked, IReadOnlyCollection<string> skipped)
    {
        var plan = Order(invoked);
        // To the command line, none named means all.
        if (skipped.Count == 0)
            return plan;
        var reasons = SkipRules.Reasons([.. plan.Select(NodeOf)], invoked, skipped, new Dictionary<string, string>());
        return [.. plan.Where(target => !reasons.ContainsKey(target.Name))];
    }

    private static TargetNode NodeOf(GraphTarget target) =>
        new(target.Name)
        {
            DependsOn = target.DependsOn,
            After = target.After,
            Triggers = target.Triggers,
            WhenSkipped = target.WhenSkipped,
        };
}
