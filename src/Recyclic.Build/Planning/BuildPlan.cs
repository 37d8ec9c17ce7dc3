using System.Collections.Immutable;

namespace Recyclic.Build.Planning;

/// <summary>One target of a plan; with a reason, it is skipped.</summary>
internal sealed record PlannedTarget(ExecutableTarget Target, bool IsInvoked, string? SkipReason);

/// <summary>What will run, in order. <c>--plan</c> prints the object that a run executes.</summary>
internal sealed record BuildPlan(ImmutableArray<PlannedTarget> Targets)
{
    public static BuildPlan Create(ImmutableArray<ExecutableTarget> all, ImmutableArray<string> invoked, IReadOnlyCollection<string>? skipped)
    {
        var byName = all.ToDictionary(target => target.Name);
        var order = Planner.Order([.. all.Select(t => t.Node)], invoked).Select(name => byName[name]).ToImmutableArray();
        var unmet = new Dictionary<string, string>();
        foreach (var target in order)
            if (target.StaticConditions.FirstOrDefault(c => !c.Holds()) is { } condition)
                unmet.Add(target.Name, condition.Text);
        var reasons = SkipRules.Reasons([.. order.Select(t => t.Node)], invoked, skipped, unmet);
        return new([.. order.Select(t => new PlannedTarget(t, invoked.Contains(t.Name), reasons.GetValueOrDefault(t.Name)))]);
    }

    public string ToText()
    {
        var width = Targets.Max(t => t.Target.Name.Length);
        return "Plan:\n" + string.Join("\n", Targets.Select((t, i) => $"{i + 1,3}. {Row(t, width)}".TrimEnd()));
    }

    private static string Row(PlannedTarget planned, int width)
    {
        var dependencies = planned.Target.DependsOn.Count > 0 ? "-> " + string.Join(", ", planned.Target.DependsOn) : "";
        var skipped = planned.SkipReason is { } reason ? $"  // skipped: {reason}" : "";
        return $"{planned.Target.Name.PadRight(width)}  {dependencies}{skipped}";
    }
}
