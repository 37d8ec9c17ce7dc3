namespace Recyclic.Workflows.Planning;

/// <summary>What a workflow gives to one that calls it must be an output of its targets. Pure.</summary>
internal static class OutputRules
{
    public static IEnumerable<string> Mistakes(JobGraph jobs)
    {
        string[] asked = [.. jobs.Workflow.Source.On.SelectMany(trigger => trigger.Outputs)];
        foreach (var output in asked.Where(output => jobs.Jobs.All(job => !job.Outputs.Contains(output))).Distinct())
            yield return $"Trigger.Called has the output {output}, which no target of the workflow sets{(jobs.Jobs.SelectMany(job => job.Outputs).Distinct().ToArray() is { Length: > 0 } there ? $"; they set {string.Join(", ", there)}" : "")}: let one say Outputs";
        foreach (var twice in asked.GroupBy(output => output).Where(same => same.Count() > 1)) yield return $"Trigger.Called has the output {twice.Key} twice";
    }
}
