using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Planning;

/// <summary>What a place must be.</summary>
internal static class PlaceRules
{
    /// <summary>GitHub's own limit.</summary>
    private const int MostDays = 400;
    private static readonly string[] Access = ["read", "write", "none"];
    private static readonly string[] Generated =
    [
        "name",
        "runs-on",
        "needs",
        "if",
        "environment",
        "permissions",
        "concurrency",
        "timeout-minutes",
        "strategy",
        "outputs",
        "steps",
    ];

    public static IEnumerable<string> Mistakes(NamedPlace place, NamedWorkflow workflow, BuildGraph graph)
    {
        var source = place.Source;
        var where = place.Targets is [var first, ..] ? $"the place of {first}" : "a place";
        if (place.Targets.IsEmpty)
            yield return "a place has no target";
        if (source.Name is { } name && (!Names.IsIdentifier(name) || name == Names.CheckJob))
            yield return $"{where}: '{name}' cannot be a job's name";
        if (source is { IsGate: true, Environment: null })
            yield return $"{where} is a gate without an environment: there is nobody to approve";
        if (source.IsGate && place.Targets.Length > 1)
            yield return $"{where} is a gate for {string.Join(" and ", place.Targets)}: one target is what is approved";
        if (
            source.IsGate
            && workflow.Places.Any(other => other != place && other.Source.Environment == source.Environment)
        )
            yield return $"{where}: the environment {source.Environment} is used by other jobs too, and GitHub asks for approval in each: give the gate an environment of its own";
        if (source.Url is not null && source.Environment is null)
            yield return $"{where} has an address but no environment";
        if (source.Timeout <= TimeSpan.Zero)
            yield return $"{where}: its timeout is not positive";
        foreach (
            var runner in source
                .Matrix.Where(axis => axis.Parameter is null)
                .SelectMany(axis => axis.Values)
                .Concat(source.Runner is { } own ? [own] : [])
                .Where(RunnerLabels.AreWrong)
        )
            yield return $"{where}: '{runner}' is no label of a machine: write one label, or several as [self-hosted, linux]";
        foreach (var (scope, access) in source.Permissions.Scopes)
            if (!Access.Contains(access) && !(scope == "id-token" && access == "write"))
                yield return $"{where}: the permission {scope} cannot be '{access}', only {string.Join(", ", Access)}";
        foreach (
            var secret in source.Secrets.Where(secret =>
                !Names.IsVariable(secret)
                || secret.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase) && secret != "GITHUB_TOKEN"
            )
        )
            yield return $"{where}: '{secret}' cannot be the name of a secret: letters, digits and _, no GITHUB_ in front";
        foreach (
            var variable in source.Variables.Where(variable =>
                !Names.IsVariable(variable) || variable.StartsWith("GITHUB_", StringComparison.OrdinalIgnoreCase)
            )
        )
            yield return $"{where}: '{variable}' cannot be the name of a variable: letters, digits and _, no GITHUB_ in front";
        foreach (var secret in (source.RescueSecrets ?? []).Except(source.Secrets).Except(source.Env.Values.Keys))
            yield return $"{where}: RescueSecrets has {secret}, which is not among its Secrets";
        foreach (var both in source.Variables.Intersect(source.Secrets))
            yield return $"{where}: {both} is both a variable and a secret";
        foreach (var mistake in Arguments(source, where, graph))
            yield return mistake;
        foreach (
            var mistake in MatrixRules.Mistakes(source, where, graph).Concat(More(place, workflow.Source, where, graph))
        )
            yield return mistake;
        if (Matrix.Has(source))
            foreach (var target in graph.Targets.Where(t => place.Targets.Contains(t.Name) && !t.Outputs.IsEmpty))
                yield return $"{where} runs {target.Name} once for each combination of a matrix, but it has an output, of which there can be one only";
        foreach (var twice in Generated.Where(key => source.Extra.Find(key) is not null))
            yield return $"{where}: Extra repeats {twice}, which is generated";
        foreach (var twice in YamlKeys.Twice(source.Extra))
            yield return $"{where}: Extra has the key {twice} twice";
    }

    private static IEnumerable<string> More(NamedPlace place, Workflow workflow, string where, BuildGraph graph)
    {
        var source = place.Source;
        if (
            source.DisplayName is { } shown
            && (
                string.IsNullOrWhiteSpace(shown)
                || shown.Contains('\n', StringComparison.Ordinal)
                || ConditionRules.OfText(shown) is not null
            )
        )
            yield return $"{where}: its DisplayName is empty, has several lines or an expression that nothing closes: write one line, or leave it out";
        if (source.If is { } condition && ConditionRules.OfJob(condition) is { } why)
            yield return $"{where} has an If that {why}";
        if (source is { If: not null, IsGate: true })
            yield return $"{where} is a gate with an If: where it does not hold, nobody would be asked, and nothing behind it runs; say If at the first place of what is optional, or make a workflow of it";
        if (source is { ContinuesOnError: true, IsGate: true })
            yield return $"{where} is a gate with ContinuesOnError: what fails there would count as approved; leave it out";
        if (source is { ContinuesOnError: true, Rescue: not null })
            yield return $"{where} has ContinuesOnError and a Rescue, which would never run, as GitHub takes the job as one that succeeded: leave one out";
        foreach (
            var mistake in ConcurrencyRules
                .Mistakes(source.Concurrency, where)
                .Concat(ContainerRules.Mistakes(source, where))
                .Concat(EnvRules.OfPlace(source, workflow, where, graph))
        )
            yield return mistake;
        if (source is { Concurrency.CancelsRunning: true, Environment: { } environment })
            yield return $"{where}: its Concurrency would end a deploy to {environment} midway: leave CancelsRunning out";
        if (source is { Concurrency: not null, IsGate: true })
            yield return $"{where} is a gate with a Concurrency: it would hold its place in the queue for days; say it at the place that it guards";
        if (source.KeepsArtifacts is { } kept && (kept < TimeSpan.FromDays(1) || kept > TimeSpan.FromDays(MostDays)))
            yield return $"{where}: KeepsArtifacts is {kept.TotalDays:0.#} days, and GitHub keeps files from 1 to {MostDays} days";
        foreach (
            var mistake in StepRules
                .Mistakes([.. workflow.Setup, .. source.Steps, .. source.StepsAfter], where)
                .Except(StepRules.Mistakes(workflow.Setup, where))
        )
            yield return mistake;
    }

    private static IEnumerable<string> Arguments(Place place, string where, BuildGraph graph)
    {
        foreach (var word in place.Arguments)
        {
            if (!Names.IsShellSafe(word))
                yield return $"{where}: the argument '{word}' would be read by a shell: letters, digits and _ . / : = @ % + - , alone; give anything else as an input or a secret";
            else if (
                word.StartsWith("--", StringComparison.Ordinal)
                && Parameters.Find(graph, word[2..].Split('=')[0]) is not { IsSecret: false }
            )
                yield return $"{where}: {word} is no parameter of the build, or a secret one";
        }
    }
}
