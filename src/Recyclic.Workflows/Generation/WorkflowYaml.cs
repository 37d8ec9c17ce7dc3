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
        var document = new YamlMap(("name", workflow.DisplayName ?? workflow.Name));
        if (workflow.RunName is { } shown)
            document = document.With("run-name", shown);
        document = document
            .With("on", TriggerYaml.Of(jobs, graph))
            // Nothing for anyone; each job names what it needs.
            .With("permissions", new YamlMap());
        if (workflow.CancelsOlderRuns)
            document = document.With(
                "concurrency",
                new YamlMap(
                    ("group", $"{workflow.Name}-{JobEnvironment.Expression("github.ref")}"),
                    ("cancel-in-progress", true)
                )
            );
        if (workflow.Concurrency is { } own)
            document = document.With("concurrency", Concurrency(own));
        var run = new YamlMap(("shell", "bash"));
        if (workflow.WorkingDirectory.Length > 0)
            run = run.With("working-directory", workflow.WorkingDirectory);
        return document
            .WithAny("env", YamlMap.Of(workflow.Env.Values))
            .With("defaults", new YamlMap(("run", run)))
            .With(workflow.Extra)
            .With("jobs", Jobs(jobs, graph));
    }

    /// <summary>All of them, the check of the files first.</summary>
    public static YamlMap Jobs(JobGraph jobs, BuildGraph graph) =>
        new([
            (Names.CheckJob, Check(jobs)),
            .. jobs.Jobs.Select(job => (job.Id, (YamlNode)JobYaml.Of(job, jobs, graph))),
            .. jobs.Calls.Select(call => (call.Source.Name, (YamlNode)CallYaml.Of(call, jobs))),
        ]);

    public static YamlMap Concurrency(Concurrency concurrency)
    {
        var map = new YamlMap(("group", concurrency.Group), ("cancel-in-progress", concurrency.CancelsRunning));
        return concurrency.KeepsWaiting ? map.With("queue", "max") : map;
    }

    private static YamlMap Check(JobGraph jobs) =>
        new YamlMap(
            ("runs-on", RunnerLabels.Of(jobs.Workflow.Source.Runner)),
            ("permissions", YamlMap.Of(Permissions.ReadContents.Scopes)),
            ("timeout-minutes", CheckTimeoutMinutes)
        )
            .WithAny("outputs", BuildProject.IsHandedOn(jobs) ? BuildProject.Outputs : null)
            .With("steps", JobSteps.OfCheck(jobs));
}
