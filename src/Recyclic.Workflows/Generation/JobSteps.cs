using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>The steps of a job: get ready, fetch, run the build, keep.</summary>
internal static class JobSteps
{
    public static YamlList Of(JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var workflow = jobs.Workflow.Source;
        var caches = job.Place.Environment is null ? workflow.Caches : [];
        return new([
            .. Ready(workflow, caches),
            .. BuildProject.IsTakenBy(job, workflow)
                ? [StepYaml.Of(BuildProject.Take(workflow), workflow)]
                : Array.Empty<YamlNode>(),
            .. job.Downloads.Select(artifact => StepYaml.Of(Download(artifact, workflow), workflow)),
            .. job.Place.Steps.Select(step => StepYaml.Of(step, workflow)),
            Run(job, JobEnvironment.Of(job, jobs, graph)),
            .. job.Uploads.Select(artifact => Upload(artifact, job.Place, workflow)),
            .. job.Place.StepsAfter.Select(step => StepYaml.Of(step, workflow)),
        ]);
    }

    /// <summary>The job that every other one waits for.</summary>
    public static YamlList OfCheck(JobGraph jobs)
    {
        var workflow = jobs.Workflow.Source;
        var run = new YamlMap(("run", "exec ./build.sh Workflows --check"));
        if (!BuildProject.IsHandedOn(jobs))
            return new([.. Ready(workflow, workflow.Caches), run]);
        // What a deploy is to run is made of nothing that another run has written.
        var caches = jobs.Jobs.Any(job => BuildProject.IsTakenBy(job, workflow) && job.Place.Environment is not null)
            ? []
            : workflow.Caches;
        return new([.. Ready(workflow, caches), run, StepYaml.Of(BuildProject.HandOn(workflow), workflow)]);
    }

    private static IEnumerable<YamlNode> Ready(Workflow workflow, ImmutableArray<Cache> caches) =>
        workflow
            .Setup.Concat(caches.Select(cache => CacheStep(cache, workflow)))
            .Select(step => StepYaml.Of(step, workflow));

    /// <summary>
    /// exec, and nothing else in the step: GitHub signals the first process alone, so a shell in front of the build
    /// would be all that learns of a cancellation.
    /// </summary>
    private static YamlMap Run(JobPlan job, ImmutableSortedDictionary<string, string> environment)
    {
        var step = new YamlMap();
        if (!job.Outputs.IsEmpty)
            step = step.With("id", StepRules.BuildStep);
        return step.With("run", $"exec {string.Join(' ', job.Command)}").WithAny("env", YamlMap.Of(environment));
    }

    private static Step CacheStep(Cache cache, Workflow workflow)
    {
        var prefix = $"{cache.Name}-{JobEnvironment.Expression("runner.os")}-";
        var files = string.Join(
            ", ",
            cache.KeyFiles.Select(pattern => Quoted(Directories.InRepository(workflow, pattern)))
        );
        var step = Actions
            .Cache.And("path", Directories.InRepository(workflow, cache.Path))
            .And("key", prefix + JobEnvironment.Expression($"hashFiles({files})"));
        return cache.RestoresOlder ? step.And("restore-keys", prefix) : step;
    }

    private static Step Download(Artifact artifact, Workflow workflow)
    {
        var step = Actions.DownloadArtifact.And(
            "path",
            Directories.InRepository(workflow, ArtifactRoot.Of(artifact.Patterns))
        );
        return artifact.IsOfMatrix
            ? step.And("pattern", artifact.Name + "-*").And("merge-multiple", "true")
            : step.And("name", artifact.Name);
    }

    /// <summary>What nobody in the workflow reads is for a person, who wants it most after a failure.</summary>
    private static YamlMap Upload(Artifact artifact, Place place, Workflow workflow)
    {
        var name = artifact.IsOfMatrix
            ? $"{artifact.Name}-{JobEnvironment.Expression("strategy.job-index")}"
            : artifact.Name;
        var paths = artifact.Patterns.Select(pattern => Directories.InRepository(workflow, pattern));
        var step = Actions
            .UploadArtifact.And("name", name)
            .And("path", string.Join('\n', paths))
            .And("if-no-files-found", artifact.IsConsumed ? "error" : "warn");
        if (ArtifactRoot.HasHidden(artifact.Patterns))
            step = step.And("include-hidden-files", "true");
        if (place.KeepsArtifacts is { } kept)
            step = step.And("retention-days", Math.Ceiling(kept.TotalDays).ToString(CultureInfo.InvariantCulture));
        return StepYaml.Of(artifact.IsConsumed ? step : step with { If = "!cancelled()" }, workflow);
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
