using System.Text;

namespace Recyclic.Build.Planning;

/// <summary>
/// A plan as a Mermaid flowchart: solid for dependencies, thick for triggers, dotted for order alone.
/// </summary>
internal static class PlanMermaid
{
    public static string Of(BuildPlan plan)
    {
        // Numbered ids, because a target may be called `end`, which Mermaid keeps for itself.
        var ids = plan
            .Targets.Select((planned, i) => (planned.Target.Name, Id: $"t{i + 1}"))
            .ToDictionary(t => t.Name, t => t.Id);
        var chart = new StringBuilder("flowchart TD");
        foreach (var planned in plan.Targets)
            chart.Append($"\n    {ids[planned.Target.Name]}[\"{Label(planned)}\"]");
        foreach (var node in plan.Targets.Select(planned => planned.Target.Node))
        {
            foreach (var name in node.DependsOn)
                chart.Append($"\n    {ids[name]} --> {ids[node.Name]}");
            foreach (var name in node.Triggers)
                chart.Append($"\n    {ids[node.Name]} ==> {ids[name]}");
            foreach (var name in node.After.Where(ids.ContainsKey))
                chart.Append($"\n    {ids[name]} -.-> {ids[node.Name]}");
        }
        var skipped = plan
            .Targets.Where(planned => planned.SkipReason is not null)
            .Select(planned => ids[planned.Target.Name])
            .ToArray();
        if (skipped.Length > 0)
            chart.Append($"\n    classDef skipped stroke-dasharray: 4\n    class {string.Join(',', skipped)} skipped");
        return chart.ToString();
    }

    private static string Label(PlannedTarget planned) =>
        planned.SkipReason is { } reason
            ? $"{planned.Target.Name}<br/>skipped: {Escaped(reason)}"
            : planned.Target.Name;

    /// <summary>Mermaid reads <c>#quot;</c> where HTML has <c>&amp;quot;</c>.</summary>
    private static string Escaped(string text) =>
        text.ReplaceLineEndings(" ")
            .Replace("#", "#35;", StringComparison.Ordinal)
            .Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<", "#lt;", StringComparison.Ordinal)
            .Replace(">", "#gt;", StringComparison.Ordinal);
}
