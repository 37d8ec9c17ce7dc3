namespace Recyclic.Build.Planning;

/// <summary>A plan for people to read.</summary>
internal static class PlanText
{
    public static string Of(BuildPlan plan)
    {
        var width = plan.Targets.Max(t => t.Target.Name.Length);
        return "Plan:\n" + string.Join("\n", plan.Targets.Select((t, i) => $"{i + 1, 3}. {Row(t, width)}".TrimEnd()));
    }

    private static string Row(PlannedTarget planned, int width)
    {
        var dependencies =
            planned.Target.DependsOn.Count > 0 ? "-> " + string.Join(", ", planned.Target.DependsOn) : "";
        var skipped =
            planned.SkipReason is { } reason ? $"  // skipped: {reason}"
            : planned.IsUnchanged ? $"  // skipped when its turn comes: {planned.Changes}"
            : planned.Changes is { } changes ? $"  // {changes}"
            : "";
        return $"{planned.Target.Name.PadRight(width)}  {dependencies}{skipped}";
    }
}
