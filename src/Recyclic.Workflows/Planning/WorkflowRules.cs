using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>What a definition must be before anything is derived from it. All mistakes are told at once.</summary>
internal static class WorkflowRules
{
    public static IEnumerable<string> Mistakes(ImmutableArray<NamedWorkflow> workflows, BuildGraph graph)
    {
        foreach (
            var twins in workflows
                .GroupBy(w => w.Source.Name, StringComparer.OrdinalIgnoreCase)
                .Where(g => g.Count() > 1)
        )
            yield return $"two workflows are called {twins.Key}: each is a file of that name, so give one of them another";
        foreach (var parameter in graph.Parameters.Where(p => p is { IsSecret: true, IsRequired: true }))
            yield return $"parameter --{parameter.Name} is a secret that is required whatever runs, so every job would see it: write .Requires(() => {parameter.MemberName}) on the targets that need it, and [OnDemand] on the parameter";
        foreach (var workflow in workflows)
        foreach (var mistake in Mistakes(workflow, graph))
            yield return $"workflow {workflow.Source.Name}: {mistake}";
        if (workflows.Select(workflow => workflow.Source.WorkingDirectory).Distinct().Count() > 1)
            yield return $"the workflows say different directories of the build ({string.Join(", ", workflows.Select(workflow => $"{workflow.Source.Name}: '{workflow.Source.WorkingDirectory}'"))}), and it is in one: give all of them the same WorkingDirectory";
    }

    private static IEnumerable<string> Mistakes(NamedWorkflow workflow, BuildGraph graph)
    {
        var source = workflow.Source;
        if (!Names.IsIdentifier(source.Name))
            yield return $"'{source.Name}' cannot be its name: letters, digits, - and _, a letter first";
        if (source.On.IsEmpty)
            yield return "On is empty: it would never run";
        if (workflow.Targets.IsEmpty)
            yield return "Targets is empty: it would run nothing";
        if (source.Timeout <= TimeSpan.Zero)
            yield return "Timeout is not positive";
        var known = graph.Targets.Select(t => t.Name).ToHashSet();
        var named = workflow
            .Targets.Concat(workflow.OnEachRunner)
            .Concat(workflow.Skips)
            .Concat(workflow.Places.SelectMany(p => p.Targets))
            .Concat(workflow.Places.Select(p => p.Rescue).OfType<string>())
            .Concat(workflow.Calls.SelectMany(c => c.After.Concat(c.Before)))
            .Distinct();
        foreach (var name in named.Where(name => !known.Contains(name)))
            yield return $"there is no target {name} any more, or it is spelled otherwise; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        foreach (var name in workflow.Places.SelectMany(p => p.Targets).GroupBy(name => name).Where(g => g.Count() > 1))
            yield return $"target {name.Key} is in two places";
        foreach (
            var name in workflow.Skips.Where(name =>
                workflow.Targets.Contains(name)
                || workflow.OnEachRunner.Contains(name)
                || workflow.Places.Any(p => p.Targets.Contains(name))
            )
        )
            yield return $"target {name} is in Skips, and elsewhere in the same workflow: it cannot both run and be left out";
        var deploys = workflow.Places.FirstOrDefault(place => place.Source is { Environment: not null, IsGate: false });
        if (source.CancelsOlderRuns && deploys is not null)
            yield return $"CancelsOlderRuns would end a deploy to {deploys.Source.Environment} midway: leave it out, or deploy in another workflow";
        foreach (var mistake in TriggerRules.Mistakes(source.On, graph))
            yield return mistake;
        if (RunnerLabels.AreWrong(source.Runner))
            yield return $"Runner '{source.Runner}' is no label of a machine: write one label, or several as [self-hosted, linux]";
        foreach (var mistake in StrangersCodeRules.Mistakes(source))
            yield return mistake;
        foreach (var mistake in workflow.Places.SelectMany(place => PlaceRules.Mistakes(place, workflow, graph)))
            yield return mistake;
        foreach (
            var uses in source
                .Setup.Concat(source.Places.SelectMany(p => p.Steps.Concat(p.StepsAfter)))
                .Select(step => step.Uses)
                .Concat(source.Calls.Select(call => call.Uses))
                .Where(uses => uses.Length > 0 && !Names.IsPinned(uses))
        )
            yield return $"the action {uses} is not pinned to a commit: a tag can be moved to other code; write owner/name@ and 40 hex digits";
        foreach (
            var mistake in StepRules
                .Mistakes(source.Setup, "Setup")
                .Concat(Texts(source))
                .Concat(CallRules.Mistakes(workflow))
        )
            yield return mistake;
        foreach (
            var twice in new[] { "name", "on", "permissions", "concurrency", "defaults", "jobs" }
                .Concat(source.RunName is null ? [] : ["run-name"])
                .Concat(source.Env == Env.None ? [] : ["env"])
                .Where(key => source.Extra.Find(key) is not null)
        )
            yield return $"Extra repeats {twice}, which is generated";
        foreach (var twice in YamlKeys.Twice(source.Extra))
            yield return $"Extra has the key {twice} twice";
    }

    private static IEnumerable<string> Texts(Workflow source)
    {
        foreach (
            var (member, text) in new[]
            {
                (nameof(Workflow.DisplayName), source.DisplayName),
                (nameof(Workflow.RunName), source.RunName),
            }
        )
            if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Contains('\n', StringComparison.Ordinal)))
                yield return $"{member} is empty or has several lines: write one line, or leave it out";
            else if (text is not null && ConditionRules.OfText(text) is { } open)
                yield return $"{member} {open}";
        if (source.DisplayName?.Contains("${{", StringComparison.Ordinal) == true)
            yield return "DisplayName has an expression, which GitHub does not evaluate there: say it as RunName";
        if (source.WorkingDirectory.Length > 0 && Directories.WhyNot(source.WorkingDirectory) is { } why)
            yield return $"WorkingDirectory '{source.WorkingDirectory}' {why}";
        foreach (var mistake in EnvRules.Mistakes(source.Env, "the workflow"))
            yield return mistake;
        foreach (
            var (name, _) in source.Env.Values.Where(variable =>
                EnvRules.HasSecret(variable.Value) || EnvRules.HasToken(variable.Value)
            )
        )
            yield return $"{name} in its Env is a secret that every step of every job would see: say it in Env of the place that needs it";
        foreach (var mistake in ConcurrencyRules.Mistakes(source.Concurrency, "the workflow"))
            yield return mistake;
        if (source is { Concurrency: not null, CancelsOlderRuns: true })
            yield return "it has both Concurrency and CancelsOlderRuns, which is a group of its own: leave one out, and say CancelsRunning of the Concurrency";
        if (
            source.Concurrency is { CancelsRunning: true }
            && source.Places.FirstOrDefault(place => place is { Environment: not null, IsGate: false }) is { } deploy
        )
            yield return $"its Concurrency would end a deploy to {deploy.Environment} midway: leave CancelsRunning out, or deploy in another workflow";
    }
}
