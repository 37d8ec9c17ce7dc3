using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>What calls of reusable workflows must be. Pure.</summary>
internal static class CallRules
{
    private const string Own = "./.github/workflows/";

    /// <summary>What a definition alone shows.</summary>
    public static IEnumerable<string> Mistakes(NamedWorkflow workflow)
    {
        foreach (var call in workflow.Source.Calls)
        {
            var where = $"the call {call.Name}";
            if (!Names.IsIdentifier(call.Name) || call.Name == Names.CheckJob)
                yield return $"'{call.Name}' cannot be the name of a call: letters, digits, - and _, a letter first, not {Names.CheckJob}";
            if (!IsWorkflow(call.Uses))
                yield return $"{where} uses '{call.Uses}', which is no workflow: write ./.github/workflows/name.yml, or owner/name/.github/workflows/name.yml@ and 40 hex digits";
            if (call is { InheritsSecrets: true, Secrets.IsEmpty: false })
                yield return $"{where} has both InheritsSecrets and Secrets: name those that it needs, or let it see all";
            if (call.If is { } condition && ConditionRules.OfJob(condition) is { } why)
                yield return $"{where} has an If that {why}";
            if (
                call.DisplayName is { } shown
                && (string.IsNullOrWhiteSpace(shown) || shown.Contains('\n', StringComparison.Ordinal))
            )
                yield return $"{where}: its DisplayName is empty or has several lines: write one line, or leave it out";
            foreach (var (input, value) in call.With)
                if (ConditionRules.OfText(value) is { } open)
                    yield return $"{where} has the input {input}, which {open}";
            foreach (
                var secret in call
                    .Secrets.Keys.Concat(call.Secrets.Values)
                    .Where(name => !Names.IsVariable(name))
                    .Distinct()
            )
                yield return $"{where}: '{secret}' cannot be the name of a secret: letters, digits and _";
        }
        foreach (
            var twice in workflow
                .Source.Calls.GroupBy(call => call.Name, StringComparer.OrdinalIgnoreCase)
                .Where(same => same.Count() > 1)
        )
            yield return $"two calls are called {twice.Key}: give one of them another name";
    }

    /// <summary>What shows when all workflows are planned.</summary>
    public static IEnumerable<string> Mistakes(JobGraph jobs, ImmutableArray<JobGraph> all, BuildGraph graph)
    {
        foreach (var call in jobs.Workflow.Calls)
        {
            foreach (
                var name in call
                    .After.Concat(call.Before)
                    .Distinct()
                    .Where(name => jobs.Jobs.All(job => job.RescueOf is not null || !job.Targets.Contains(name)))
            )
                yield return $"the call {call.Source.Name} is before or after {name}, which has no job in this workflow: name a target that it runs";
            if (jobs.Before(call.Source.Name).Contains(call.Source.Name))
                yield return $"the call {call.Source.Name} waits for what waits for it: leave one of After and Before out";
            if (
                !call.Source.Uses.StartsWith(Own, StringComparison.Ordinal)
                || all.FirstOrDefault(other => call.Source.Uses == $"{Own}{other.Workflow.Source.Name}.yml")
                    is not { } called
            )
                continue;
            foreach (var mistake in OfOwn(call.Source, called, jobs, graph))
                yield return $"the call {call.Source.Name} {mistake}";
        }
    }

    private static IEnumerable<string> OfOwn(Call call, JobGraph called, JobGraph jobs, BuildGraph graph)
    {
        var name = called.Workflow.Source.Name;
        if (called == jobs)
        {
            yield return "calls its own workflow, which would never end: call another";
            yield break;
        }
        if (called.Workflow.Source.On.FirstOrDefault(trigger => trigger.Event == "workflow_call") is not { } trigger)
        {
            yield return $"calls the workflow {name}, which is not to be called: add Trigger.Called() to its On";
            yield break;
        }
        var inputs = trigger.Inputs.ToDictionary(input => Parameters.Find(graph, input.Parameter)!.Name);
        foreach (var input in call.With.Keys.Where(input => !inputs.ContainsKey(input)))
            yield return $"gives the input {input}, which {name} does not have{(inputs.Count == 0 ? "" : $"; it has {string.Join(", ", inputs.Keys)}")}";
        foreach (var input in inputs.Where(input => input.Value.IsRequired && !call.With.ContainsKey(input.Key)))
            yield return $"does not give the input {input.Key}, which {name} requires: write .And(\"{input.Key}\", …)";
        var secrets = CalledSecrets.Of(called, graph);
        foreach (var secret in call.Secrets.Keys.Where(secret => !secrets.ContainsKey(secret)))
            yield return $"gives the secret {secret}, which {name} does not use{(secrets.IsEmpty ? "" : $"; it uses {string.Join(", ", secrets.Keys)}")}";
        foreach (
            var secret in secrets.Where(secret =>
                secret.Value && !call.InheritsSecrets && !call.Secrets.ContainsKey(secret.Key)
            )
        )
            yield return $"does not give the secret {secret.Key}, which {name} requires: write .AndSecret(\"{secret.Key}\")";
    }

    private static bool IsWorkflow(string uses) =>
        uses.Split('@')[0] is var path
        && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal))
        && path.Contains("/.github/workflows/", StringComparison.Ordinal);
}
