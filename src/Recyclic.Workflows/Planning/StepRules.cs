namespace Recyclic.Workflows.Planning;

/// <summary>What steps must be. Pure.</summary>
internal static class StepRules
{
    /// <summary>The identifier of the step that runs the build.</summary>
    public const string BuildStep = "build";

    /// <param name="steps">Of one job.</param>
    /// <param name="where">Begins each mistake.</param>
    public static IEnumerable<string> Mistakes(IReadOnlyCollection<Step> steps, string where)
    {
        foreach (var step in steps)
        foreach (var mistake in Mistakes(step))
            yield return $"{where}: the step {Text(step)} {mistake}";
        foreach (
            var twice in steps
                .Select(step => step.Id)
                .OfType<string>()
                .GroupBy(id => id, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Count() > 1)
        )
            yield return $"{where}: two steps have the Id {twice.Key}: give one of them another";
    }

    private static IEnumerable<string> Mistakes(Step step)
    {
        if (step.Uses.Length > 0 && step.Run is not null)
            yield return "is an action and a script: make two steps of it";
        else if (step.Uses.Length == 0 && string.IsNullOrWhiteSpace(step.Run))
            yield return "runs nothing: name an action, or write Step.Script(\"…\")";
        if (step.Run is not null)
        {
            if (!step.With.IsEmpty)
                yield return $"has the input {step.With.Keys.First()}, which is an action's: give it to the script as Env";
            if (step.Run.Contains("${{", StringComparison.Ordinal))
                yield return "has an expression in its script, where its value would be read as code: give it as Env, and write \"$NAME\"";
        }
        else if (step.Shell is not null)
            yield return "has a Shell and is an action, which has none: leave it out";
        else if (step.WorkingDirectory is not null)
            yield return "has a WorkingDirectory and is an action, which has none: leave it out, or give the action's own input";
        if (step.Shell is { } shell && string.IsNullOrWhiteSpace(shell))
            yield return "has an empty Shell: leave it out";
        if (
            step.WorkingDirectory is { } directory
            && Directories.WhyNot(directory) is { } why
            && !directory.Contains("${{", StringComparison.Ordinal)
        )
            yield return $"has the WorkingDirectory '{directory}', which {why}";
        if (step.Id is { } id && !Names.IsIdentifier(id))
            yield return $"has the Id '{id}': letters, digits, - and _, a letter first";
        else if (step.Id == BuildStep)
            yield return $"has the Id {BuildStep}, which the step has that runs the targets: give it another";
        if (step.If is { } condition && ConditionRules.OfStep(condition) is { } wrong)
            yield return $"has an If that {wrong}";
        if (step.Timeout < TimeSpan.FromMinutes(1))
            yield return "has a Timeout of less than a minute, which GitHub counts in: give it one at least";
        foreach (var (input, value) in step.With)
            if (ConditionRules.OfText(value) is { } open)
                yield return $"has the input {input}, which {open}";
        foreach (var mistake in EnvRules.Mistakes(step.Env, "its Env"))
            yield return mistake;
    }

    private static string Text(Step step) =>
        step.Name ?? (step.Uses.Length > 0 ? step.Uses.Split('@')[0] : step.Run?.Split('\n')[0] ?? "without a name");
}
