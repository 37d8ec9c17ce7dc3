namespace Recyclic.Workflows.Planning;

/// <summary>What a workflow gives to one that calls it must be an output of its targets. Pure.</summary>
internal static class OutputRules
{
    public static IEnumerable<string> Mistakes(JobGraph jobs)
    {
        string[] asked = [.. jobs.Workflow.Source.On.SelectMany(trigger => trigger.Outputs)];
        foreach (var output in asked.Where(output => jobs.Jobs.All(job => !job.Outputs.Contains(output))).Distinct())
            yield return $"Trigger.Called has the output {output}, which no target of the workflow sets{(jobs.Jobs.SelectMany(job => job.Outputs).Distinct().ToArray() is { Length: > 0 } there ? $"; they set {string.Join(", ", there)}" : "")}: let one say Outputs";
        foreach (var twice in asked.GroupBy(output => output).Where(same => same.Count() > 1))
            yield return $"Trigger.Called has the output {twice.Key} twice";
        foreach (var job in jobs.Jobs)
        {
            foreach (
                var both in job.Outputs.Intersect(job.Place.StepOutputs.Values.Keys, StringComparer.OrdinalIgnoreCase)
            )
                yield return $"the job {job.Id}: StepOutputs has {both}, which is an output of a target of it: give one of them another name";
            if (!job.Place.StepOutputs.Values.IsEmpty && Matrix.Has(job.Place))
                yield return $"the job {job.Id} has StepOutputs and runs once for each combination of a matrix, but of an output there can be one only: leave one of them out";
            foreach (var (name, value) in job.Place.StepOutputs.Values)
                if (!Names.IsIdentifier(name))
                    yield return $"the job {job.Id}: '{name}' in StepOutputs cannot be the name of an output: letters, digits, - and _, a letter first";
                else if (!value.Contains("${{", StringComparison.Ordinal) || ConditionRules.OfText(value) is not null)
                    yield return $"the job {job.Id}: {name} in StepOutputs is not what a step sets: write ${{{{ steps.id.outputs.name }}}}";
        }
    }
}
