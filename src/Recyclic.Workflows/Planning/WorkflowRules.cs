using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>What a definition must be before anything is derived from it. All mistakes are told at once.</summary>
internal static class WorkflowRules
{
    public static IEnumerable<string> Mistakes(ImmutableArray<NamedWorkflow> workflows, BuildGraph graph)
    {
        foreach (var twins in workflows.GroupBy(w => w.Source.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            yield return $"two workflows are called {twins.Key}: each is a file of that name, so give one of them another";
        foreach (var parameter in graph.Parameters.Where(p => p is { IsSecret: true, IsRequired: true }))
            yield return $"parameter --{parameter.Name} is a secret that is required whatever runs, so every job would see it: write .Requires(() => {parameter.MemberName}) on the targets that need it, and [OnDemand] on the parameter";
        foreach (var workflow in workflows)
            foreach (var mistake in Mistakes(workflow, graph))
                yield return $"workflow {workflow.Source.Name}: {mistake}";
    }

    private static IEnumerable<string> Mistakes(NamedWorkflow workflow, BuildGraph graph)
    {
        var source = workflow.Source;
        if (!Names.IsIdentifier(source.Name)) yield return $"'{source.Name}' cannot be its name: letters, digits, - and _, a letter first";
        if (source.On.IsEmpty) yield return "On is empty: it would never run";
        if (workflow.Targets.IsEmpty) yield return "Targets is empty: it would run nothing";
        if (source.Timeout <= TimeSpan.Zero) yield return "Timeout is not positive";
        var known = graph.Targets.Select(t => t.Name).ToHashSet();
        var named = workflow.Targets.Concat(workflow.OnEachRunner).Concat(workflow.Skips).Concat(workflow.Places.SelectMany(p => p.Targets)).Concat(workflow.Places.Select(p => p.Rescue).OfType<string>()).Distinct();
        foreach (var name in named.Where(name => !known.Contains(name))) yield return $"there is no target {name} any more, or it is spelled otherwise; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}";
        foreach (var name in workflow.Places.SelectMany(p => p.Targets).GroupBy(name => name).Where(g => g.Count() > 1)) yield return $"target {name.Key} is in two places";
        foreach (var name in workflow.Skips.Where(name => workflow.Targets.Contains(name) || workflow.OnEachRunner.Contains(name) || workflow.Places.Any(p => p.Targets.Contains(name))))
            yield return $"target {name} is in Skips, and elsewhere in the same workflow: it cannot both run and be left out";
        var deploys = workflow.Places.FirstOrDefault(place => place.Source is { Environment: not null, IsGate: false });
        if (source.CancelsOlderRuns && deploys is not null) yield return $"CancelsOlderRuns would end a deploy to {deploys.Source.Environment} midway: leave it out, or deploy in another workflow";
        foreach (var mistake in TriggerRules.Mistakes(source.On, graph)) yield return mistake;
        if (RunnerLabels.AreWrong(source.Runner)) yield return $"Runner '{source.Runner}' is no label of a machine: write one label, or several as [self-hosted, linux]";
        foreach (var mistake in workflow.Places.SelectMany(place => PlaceRules.Mistakes(place, workflow, graph))) yield return mistake;
        foreach (var step in source.Setup.Concat(source.Places.SelectMany(p => p.Steps)).Where(step => !Names.IsPinned(step.Uses)))
            yield return $"the action {step.Uses} is not pinned to a commit: a tag can be moved to other code; write owner/name@ and 40 hex digits";
        foreach (var twice in new[] { "name", "on", "permissions", "concurrency", "defaults", "jobs" }.Where(key => source.Extra.Find(key) is not null))
            yield return $"Extra repeats {twice}, which is generated";
        foreach (var twice in YamlKeys.Twice(source.Extra)) yield return $"Extra has the key {twice} twice";
    }
}

/// <summary>What triggers must be.</summary>
internal static class TriggerRules
{
    public static IEnumerable<string> Mistakes(ImmutableArray<Trigger> triggers, BuildGraph graph)
    {
        foreach (var trigger in triggers)
            foreach (var mistake in Mistakes(trigger, graph)) yield return mistake;
        foreach (var same in triggers.GroupBy(trigger => trigger.Event).Where(same => same.Key != "schedule" && TriggerMerge.Of(same.Key, [.. same]) is null))
            yield return $"the {same.Count()} triggers for {same.Key} cannot be one entry of the file: GitHub takes their filters as conditions that must all hold. Write one Trigger.Other(\"{same.Key}\", …) with all filters, or a workflow for each";
        foreach (var twin in triggers.SelectMany(trigger => trigger.Inputs).GroupBy(input => Parameters.Normal(input.Parameter)).Where(g => g.Count() > 1)) yield return $"the input {twin.First().Parameter} is there twice";
    }

    private static IEnumerable<string> Mistakes(Trigger trigger, BuildGraph graph)
    {
        if (trigger.Event == "schedule" && Schedule.WhyNot((trigger.Filter.Find("cron") as YamlText)?.Value) is { } why) yield return why;
        foreach (var twice in YamlKeys.Twice(trigger.Filter)) yield return $"the trigger {trigger.Event} has the key {twice} twice";
        foreach (var input in trigger.Inputs)
        {
            if (Parameters.Find(graph, input.Parameter) is not { } parameter) yield return $"the input {input.Parameter} is no parameter of the build";
            else if (parameter.IsSecret) yield return $"the input {input.Parameter} is a secret: GitHub shows inputs to everybody who sees the run";
            if (new[] { input.Description, input.Default }.Concat(input.Choices).Any(text => text?.Contains("${{", StringComparison.Ordinal) == true))
                yield return $"the input {input.Parameter} has an expression in its texts, which GitHub would evaluate: write it without ${{{{";
            foreach (var mistake in Choices(input, graph)) yield return mistake;
        }
    }

    private static IEnumerable<string> Choices(Input input, BuildGraph graph)
    {
        if (Parameters.Find(graph, input.Parameter) is not { } parameter) yield break;
        var choices = Parameters.ChoicesOf(input, parameter);
        if (input.Default is { } given && !choices.IsEmpty && !choices.Contains(given)) yield return $"the default '{given}' of the input {input.Parameter} is not among its choices: {string.Join(", ", choices)}";
        foreach (var choice in input.Choices.Where(choice => !parameter.Choices.IsEmpty && choice.Length > 0 && parameter.Choices.All(value => Parameters.Normal(value) != Parameters.Normal(choice))))
            yield return $"the choice '{choice}' of the input {input.Parameter} is no value of the parameter, which has {string.Join(", ", parameter.Choices)}";
    }
}

/// <summary>What a place must be.</summary>
internal static class PlaceRules
{
    /// <summary>GitHub's own limit.</summary>
    private const int MostCombinations = 256;
    private static readonly string[] Access = ["read", "write", "none"];
    private static readonly string[] Generated = ["name", "runs-on", "needs", "if", "environment", "permissions", "concurrency", "timeout-minutes", "strategy", "outputs", "steps"];

    public static IEnumerable<string> Mistakes(NamedPlace place, NamedWorkflow workflow, BuildGraph graph)
    {
        var source = place.Source;
        var where = place.Targets is [var first, ..] ? $"the place of {first}" : "a place";
        if (place.Targets.IsEmpty) yield return "a place has no target";
        if (source.Name is { } name && (!Names.IsIdentifier(name) || name == Names.CheckJob)) yield return $"{where}: '{name}' cannot be a job's name";
        if (source is { IsGate: true, Environment: null }) yield return $"{where} is a gate without an environment: there is nobody to approve";
        if (source.IsGate && place.Targets.Length > 1) yield return $"{where} is a gate for {string.Join(" and ", place.Targets)}: one target is what is approved";
        if (source.IsGate && workflow.Places.Any(other => other != place && other.Source.Environment == source.Environment))
            yield return $"{where}: the environment {source.Environment} is used by other jobs too, and GitHub asks for approval in each: give the gate an environment of its own";
        if (source.Url is not null && source.Environment is null) yield return $"{where} has an address but no environment";
        if (source.Timeout <= TimeSpan.Zero) yield return $"{where}: its timeout is not positive";
        foreach (var runner in source.Matrix.Where(axis => axis.Parameter is null).SelectMany(axis => axis.Values).Concat(source.Runner is { } own ? [own] : []).Where(RunnerLabels.AreWrong))
            yield return $"{where}: '{runner}' is no label of a machine: write one label, or several as [self-hosted, linux]";
        foreach (var (scope, access) in source.Permissions.Scopes)
            if (!Access.Contains(access) && !(scope == "id-token" && access == "write")) yield return $"{where}: the permission {scope} cannot be '{access}', only {string.Join(", ", Access)}";
        foreach (var secret in source.Secrets.Where(secret => !Names.IsVariable(secret) || secret.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase) && secret != "GITHUB_TOKEN"))
            yield return $"{where}: '{secret}' cannot be the name of a secret: letters, digits and _, no GITHUB_ in front";
        foreach (var variable in source.Variables.Where(variable => !Names.IsVariable(variable) || variable.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase)))
            yield return $"{where}: '{variable}' cannot be the name of a variable: letters, digits and _, no GITHUB_ in front";
        foreach (var secret in (source.RescueSecrets ?? []).Except(source.Secrets))
            yield return $"{where}: RescueSecrets has {secret}, which is not among its Secrets";
        foreach (var both in source.Variables.Intersect(source.Secrets))
            yield return $"{where}: {both} is both a variable and a secret";
        foreach (var mistake in Arguments(source, where, graph)) yield return mistake;
        foreach (var axis in source.Matrix)
        {
            if (axis.Values.IsEmpty) yield return $"{where}: a dimension of its matrix has no value";
            if (axis.Values.Any(value => value.Contains("${{", StringComparison.Ordinal))) yield return $"{where}: its matrix has an expression, which GitHub would evaluate";
            if (axis.Parameter is { } parameter && Parameters.Find(graph, parameter) is null) yield return $"{where}: {parameter} in its matrix is no parameter of the build";
        }
        foreach (var twice in source.Matrix.GroupBy(axis => Parameters.Normal(axis.Parameter ?? "runner")).Where(same => same.Count() > 1))
            yield return $"{where}: its matrix has two dimensions for {twice.Key}: write all values into one";
        if (source.Matrix.Aggregate(1L, (count, axis) => count * axis.Values.Length) is > MostCombinations and var combinations)
            yield return $"{where}: its matrix makes {combinations} jobs, and GitHub runs {MostCombinations} of one at most: leave values out, or let two places share them";
        if (!source.Matrix.IsEmpty)
            foreach (var target in graph.Targets.Where(t => place.Targets.Contains(t.Name) && !t.Outputs.IsEmpty))
                yield return $"{where} runs {target.Name} once for each combination of a matrix, but it has an output, of which there can be one only";
        foreach (var twice in Generated.Where(key => source.Extra.Find(key) is not null)) yield return $"{where}: Extra repeats {twice}, which is generated";
        foreach (var twice in YamlKeys.Twice(source.Extra)) yield return $"{where}: Extra has the key {twice} twice";
    }

    private static IEnumerable<string> Arguments(Place place, string where, BuildGraph graph)
    {
        foreach (var word in place.Arguments)
        {
            if (!Names.IsShellSafe(word)) yield return $"{where}: the argument '{word}' would be read by a shell: letters, digits and _ . / : = @ % + - , alone; give anything else as an input or a secret";
            else if (word.StartsWith("--", StringComparison.Ordinal) && Parameters.Find(graph, word[2..].Split('=')[0]) is not { IsSecret: false })
                yield return $"{where}: {word} is no parameter of the build, or a secret one";
        }
    }
}
