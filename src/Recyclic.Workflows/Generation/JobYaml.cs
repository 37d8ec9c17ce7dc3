using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>One planned job as GitHub reads it.</summary>
internal static class JobYaml
{
    public static YamlMap Of(JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var (workflow, place) = (jobs.Workflow.Source, job.Place);
        // What is assured runs whatever has failed, but not when the file itself is not as defined. An output reaches
        // only those who name its job.
        ImmutableArray<string> needs =
            !workflow.IsUrgent && (job.Needs.IsEmpty || job.IsAssured || BuildProject.IsTakenBy(job, workflow))
                ? [Names.CheckJob, .. job.Needs]
                : job.Needs;
        var map = new YamlMap();
        if (place.DisplayName is { } shown)
            map = map.With("name", shown);
        map = map.WithAny("needs", needs is [var only] ? only : YamlList.Of(needs));
        if (Condition(job, workflow) is { } condition)
            map = map.With("if", JobEnvironment.Expression(condition));
        map = map.With(
                "runs-on",
                Matrix.HasMachines(place)
                    ? JobEnvironment.Expression($"matrix.{Matrix.Machine}")
                    : RunnerLabels.Of(place.Runner ?? workflow.Runner)
            )
            .WithAny("container", place.Container is { } container ? ContainerYaml.Of(container) : null)
            .WithAny(
                "services",
                new YamlMap([
                    .. place.Services.Select(service => (service.Name, (YamlNode)ContainerYaml.Of(service.Container))),
                ])
            );
        if (place.Environment is not null)
            map = map.With("environment", Environment(place));
        // Without a queue of its own, GitHub lets one run wait and cancels it for the next. A rescue joins none: it
        // must not wait. A gate holds no place in it: it may be waiting for days.
        if (place.Concurrency is { } own)
            map = map.With("concurrency", WorkflowYaml.Concurrency(own));
        else if (place is { Environment: not null, IsGate: false } && job.RescueOf is null)
            map = map.With(
                "concurrency",
                new YamlMap(("group", $"deploy-{place.Environment}"), ("cancel-in-progress", false), ("queue", "max"))
            );
        map = map.With("permissions", YamlMap.Of(place.Permissions.Scopes))
            .With("timeout-minutes", (int)Math.Ceiling((place.Timeout ?? workflow.Timeout).TotalMinutes));
        if (place.ContinuesOnError)
            map = map.With("continue-on-error", true);
        return map.WithAny("strategy", Strategy(place, graph))
            .WithAny(
                "outputs",
                new YamlMap([
                    .. job.Outputs.Select(output =>
                        (output, (YamlNode)JobEnvironment.Expression($"steps.{StepRules.BuildStep}.outputs.{output}"))
                    ),
                ]).With(YamlMap.Of(place.StepOutputs.Values))
            )
            .With(place.Extra)
            .With("steps", JobSteps.Of(job, jobs, graph));
    }

    /// <summary>Null: GitHub's own, that all jobs before it have succeeded.</summary>
    private static string? Condition(JobPlan job, Workflow workflow)
    {
        var own = job.Place.If?.ReplaceLineEndings(" ").Trim();
        // Beside a condition that asks for no status, GitHub's own holds.
        return (AfterOthers(job, workflow), own) switch
        {
            ({ } others, { } mine) => $"{others} && ({mine})",
            (var others, var mine) => others ?? mine,
        };
    }

    private static string? AfterOthers(JobPlan job, Workflow workflow) =>
        job switch
        {
            { RescueOf: { } rescued, MayFail: null } =>
                $"(failure() || cancelled()) && needs.{rescued}.result != 'skipped'",
            // failure() would hold for a job further up too, whose failure lets others go on.
            { RescueOf: { } rescued } =>
                $"always() && (needs.{rescued}.result == 'failure' || needs.{rescued}.result == 'cancelled')",
            { IsAssured: true } => workflow.IsUrgent
                ? "always()"
                : $"always() && needs.{Names.CheckJob}.result == 'success'",
            { MayFail: { } mayFail } => string.Join(
                " && ",
                job.Needs.Select(need => HasEnded(need, mayFail.Contains(need))).Prepend("!cancelled()")
            ),
            _ => null,
        };

    private static string HasEnded(string job, bool mayHaveFailed) =>
        mayHaveFailed
            ? $"(needs.{job}.result == 'success' || needs.{job}.result == 'failure')"
            : $"needs.{job}.result == 'success'";

    /// <summary>
    /// A gate deploys nothing, so GitHub is to record no deployment; by that it is also known as a gate.
    /// </summary>
    private static YamlNode Environment(Place place)
    {
        if (!place.IsGate && place.Url is null)
            return place.Environment!;
        var map = new YamlMap(("name", place.Environment!));
        if (place.Url is { } url)
            map = map.With("url", url);
        return place.IsGate ? map.With("deployment", false) : map;
    }

    private static YamlMap? Strategy(Place place, BuildGraph graph)
    {
        if (!Matrix.Has(place))
            return null;
        var strategy = new YamlMap(("fail-fast", place.FailsFast));
        if (place.MaxParallel is { } most)
            strategy = strategy.With("max-parallel", most);
        return strategy.With(
            "matrix",
            new YamlMap([
                .. place.Matrix.Select(axis =>
                    axis.Parameter is null
                        ? (Matrix.Machine, (YamlNode)new YamlList([.. axis.Values.Select(RunnerLabels.Of)]))
                        : (Parameters.Find(graph, axis.Parameter)!.Name, YamlList.Of(axis.Values))
                ),
            ])
                .WithAny("include", Combinations(place.Include, graph))
                .WithAny("exclude", Combinations(place.Exclude, graph))
        );
    }

    private static YamlList Combinations(ImmutableArray<Combination> combinations, BuildGraph graph) =>
        new([
            .. combinations.Select(combination =>
                (YamlNode)
                    new YamlMap([
                        .. Matrix
                            .Values(combination, graph)
                            .Select(value =>
                                (value.Key, value.Key == Matrix.Machine ? RunnerLabels.Of(value.Value) : value.Value)
                            ),
                    ])
            ),
        ]);
}
