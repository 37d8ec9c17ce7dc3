using System.Collections.Immutable;

namespace Recyclic.Build.Planning;

/// <summary>One target of a plan; with a reason, it is skipped.</summary>
internal sealed record PlannedTarget(ExecutableTarget Target, bool IsInvoked, string? SkipReason)
{
    /// <summary>
    /// Of a target that runs only when its inputs have changed: whether they have, in words. Null: of any other one.
    /// </summary>
    public string? Changes { get; init; }

    /// <summary>Whether it would be left out if its turn came now; earlier targets may yet change its inputs.</summary>
    public bool IsUnchanged { get; init; }
}

/// <summary>What will run, in order. <c>--plan</c> prints the object that a run executes.</summary>
internal sealed record BuildPlan(ImmutableArray<PlannedTarget> Targets)
{
    /// <summary>The targets that are asked for and all that they bring along, in the order in which they run.</summary>
    /// <exception cref="CircularDependencyException">The edges leave no order.</exception>
    public static ImmutableArray<ExecutableTarget> Order(
        ImmutableArray<ExecutableTarget> all,
        ImmutableArray<string> invoked
    )
    {
        var byName = all.ToDictionary(target => target.Name);
        return [.. Planner.Order([.. all.Select(t => t.Node)], invoked).Select(name => byName[name])];
    }

    /// <param name="order">From <see cref="Order"/>.</param>
    /// <param name="invoked">Targets asked for by name.</param>
    /// <param name="skipped">Targets named by <c>--skip</c>; null when it is not given, empty for all that are not
    /// invoked.</param>
    /// <param name="unmet">Targets with a static condition that does not hold, and its text.</param>
    public static BuildPlan Create(
        ImmutableArray<ExecutableTarget> order,
        ImmutableArray<string> invoked,
        IReadOnlyCollection<string>? skipped,
        IReadOnlyDictionary<string, string> unmet
    )
    {
        var asked = invoked.ToHashSet();
        var reasons = SkipRules.Reasons([.. order.Select(t => t.Node)], asked, skipped?.ToHashSet(), unmet);
        return new([
            .. order.Select(t => new PlannedTarget(t, asked.Contains(t.Name), reasons.GetValueOrDefault(t.Name))),
        ]);
    }
}
