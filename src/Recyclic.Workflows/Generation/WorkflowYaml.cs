using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>From planned jobs to the document that GitHub reads.</summary>
internal static class WorkflowYaml
{
    private const int CheckTimeoutMinutes = 15;

    public static YamlMap Of(JobGraph jobs, BuildGraph graph)
    {
        var workflow = jobs.Workflow.Source;
        var document = new YamlMap(
            ("name", workflow.Name),
            ("on", TriggerYaml.Of(workflow.On, graph)),
            // Nothing for anyone; each job names what it needs.
            ("permissions", new YamlMap()));
        if (workflow.CancelsOlderRuns)
            document = document.With("concurrency", new YamlMap(("group", $"{workflow.Name}-{JobEnvironment.Expression("github.ref")}"), ("cancel-in-progress", true)));
        return document
            .With("defaults", new YamlMap(("run", new YamlMap(("shell", "bash")))))
            .With(workflow.Extra)
            .With("jobs", new YamlMap([(Names.CheckJob, Check(workflow)), .. jobs.Jobs.Select(job => (job.Id, (YamlNode)Job(job, jobs, graph)))]));
    }

    private static YamlMap Check(Workflow workflow) => new(
        ("runs-on", RunnerLabels.Of(workflow.Runner)),
        ("permissions", YamlMap.Of(Permissions.ReadContents.Scopes)),
        ("timeout-minutes", CheckTimeoutMinutes),
        ("steps", JobSteps.OfCheck(workflow)));

    private static YamlMap Job(JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var (workflow, place) = (jobs.Workflow.Source, job.Place);
        // What is assured runs whatever has failed, but not when the file itself is not as defined.
        ImmutableArray<string> needs = !workflow.IsUrgent && (job.Needs.IsEmpty || job.IsAssured) ? [Names.CheckJob, .. job.Needs] : job.Needs;
        var map = new YamlMap().WithAny("needs", needs is [var only] ? only : YamlList.Of(needs));
        if (Condition(job, workflow) is { } condition) map = map.With("if", JobEnvironment.Expression(condition));
        map = map.With("runs-on", place.Matrix.Any(axis => axis.Parameter is null) ? JobEnvironment.Expression("matrix.runner") : RunnerLabels.Of(place.Runner ?? workflow.Runner));
        if (place.Environment is not null) map = map.With("environment", Environment(place));
        // Without a queue of its own, GitHub lets one run wait and cancels it for the next. A rescue joins none: it must not wait. A gate holds no place in it: it may be waiting for days.
        if (place is { Environment: not null, IsGate: false } && job.RescueOf is null)
            map = map.With("concurrency", new YamlMap(("group", $"deploy-{place.Environment}"), ("cancel-in-progress", false), ("queue", "max")));
        return map
            .With("permissions", YamlMap.Of(place.Permissions.Scopes))
            .With("timeout-minutes", (int)Math.Ceiling((place.Timeout ?? workflow.Timeout).TotalMinutes))
            .WithAny("strategy", Strategy(place, graph))
            .WithAny("outputs", new YamlMap([.. job.Outputs.Select(output => (output, (YamlNode)JobEnvironment.Expression($"steps.{JobSteps.BuildStep}.outputs.{output}")))]))
            .With(place.Extra)
            .With("steps", JobSteps.Of(job, jobs, graph));
    }

    /// <summary>Null: GitHub's own, that all jobs before it have succeeded.</summary>
    private static string? Condition(JobPlan job, Workflow workflow) => job switch
    {
        { RescueOf: { } rescued, MayFail: null } => $"(failure() || cancelled()) && needs.{rescued}.result != 'skipped'",
        // failure() would hold for a job further up too, whose failure lets others go on.
        { RescueOf: { } rescued } => $"always() && (needs.{rescued}.result == 'failure' || needs.{rescued}.result == 'cancelled')",
        { IsAssured: true } => workflow.IsUrgent ? "always()" : $"always() && needs.{Names.CheckJob}.result == 'success'",
        { MayFail: { } mayFail } => string.Join(" && ", job.Needs.Select(need => HasEnded(need, mayFail.Contains(need))).Prepend("!cancelled()")),
        _ => null,
    };

    private static string HasEnded(string job, bool mayHaveFailed) =>
        mayHaveFailed ? $"(needs.{job}.result == 'success' || needs.{job}.result == 'failure')" : $"needs.{job}.result == 'success'";

    /// <summary>A gate deploys nothing, so GitHub is to record no deployment; by that it is also known as a gate.</summary>
    private static YamlNode Environment(Place place)
    {
        if (!place.IsGate && place.Url is null) return place.Environment!;
        var map = new YamlMap(("name", place.Environment!));
        if (place.Url is { } url) map = map.With("url", url);
        return place.IsGate ? map.With("deployment", false) : map;
    }

    private static YamlMap? Strategy(Place place, BuildGraph graph) => place.Matrix.IsEmpty ? null : new YamlMap(
        ("fail-fast", false),
        ("matrix", new YamlMap([.. place.Matrix.Select(axis => axis.Parameter is null
            ? ("runner", (YamlNode)new YamlList([.. axis.Values.Select(RunnerLabels.Of)]))
            : (Parameters.Find(graph, axis.Parameter)!.Name, YamlList.Of(axis.Values)))])));
}

/// <summary>The section that says when a workflow runs.</summary>
internal static class TriggerYaml
{
    public static YamlMap Of(ImmutableArray<Trigger> triggers, BuildGraph graph) =>
        new([.. triggers.GroupBy(trigger => trigger.Event).Select(same => (same.Key, Event(same.Key, [.. same], graph)))]);

    private static YamlNode Event(string name, Trigger[] triggers, BuildGraph graph) => name == "schedule"
        ? new YamlList([.. triggers.Select(trigger => (YamlNode)trigger.Filter)])
        : TriggerMerge.Of(name, triggers)!.WithAny("inputs", Inputs([.. triggers.SelectMany(t => t.Inputs)], graph));

    private static YamlMap Inputs(ImmutableArray<Input> inputs, BuildGraph graph) => new([.. from input in inputs
                                                                                            let parameter = Parameters.Find(graph, input.Parameter)!
                                                                                            select (parameter.Name, (YamlNode)Field(input, parameter))]);

    private static YamlMap Field(Input input, BuildParameter parameter)
    {
        var field = new YamlMap();
        if ((input.Description ?? parameter.Description) is { } description) field = field.With("description", description);
        var choices = Parameters.ChoicesOf(input, parameter);
        field = field.With("required", input.IsRequired).With("type", !choices.IsEmpty ? "choice" : parameter.IsFlag ? "boolean" : "string");
        if (input.Default is { } given) field = field.With("default", parameter.IsFlag && choices.IsEmpty ? given == "true" : given);
        return field.WithAny("options", YamlList.Of(choices));
    }
}
