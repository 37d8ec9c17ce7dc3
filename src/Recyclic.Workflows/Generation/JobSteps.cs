using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>The steps of a job: get ready, fetch, run the build, keep.</summary>
internal static class JobSteps
{
    /// <summary>The step that runs the build, for those that read its outputs.</summary>
    public const string BuildStep = "build";

    public static YamlList Of(JobPlan job, JobGraph jobs, BuildGraph graph)
    {
        var workflow = jobs.Workflow.Source;
        var caches = job.Place.Environment is null ? workflow.Caches : [];
        return new([
            .. workflow.Setup.Select(Uses),
            .. caches.Select(cache => Uses(CacheStep(cache))),
            .. job.Downloads.Select(artifact => Uses(Download(artifact))),
            .. job.Place.Steps.Select(Uses),
            Run(job, JobEnvironment.Of(job, jobs, graph)),
            .. job.Uploads.Select(Upload),
        ]);
    }

    /// <summary>The job that every other one waits for.</summary>
    public static YamlList OfCheck(Workflow workflow) =>
        new([.. workflow.Setup.Select(Uses), .. workflow.Caches.Select(cache => Uses(CacheStep(cache))), new YamlMap(("run", "exec ./build.sh Workflows --check"))]);

    /// <summary>
    /// exec, and nothing else in the step: GitHub signals the first process alone, so a shell in front of the build would be all that
    /// learns of a cancellation.
    /// </summary>
    private static YamlMap Run(JobPlan job, ImmutableSortedDictionary<string, string> environment)
    {
        var step = new YamlMap();
        if (!job.Outputs.IsEmpty) step = step.With("id", BuildStep);
        return step.With("run", $"exec {string.Join(' ', job.Command)}").WithAny("env", YamlMap.Of(environment));
    }

    private static YamlMap Uses(Step step)
    {
        var map = step.Name is { } name ? new YamlMap(("name", name)) : new YamlMap();
        map = map.With("uses", new YamlText(step.Uses) { Comment = step.Version });
        return map.WithAny("with", new YamlMap([.. step.With.Select(input => (input.Key, Value(input.Value)))]));
    }

    private static YamlNode Value(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => text,
    };

    private static Step CacheStep(Cache cache) =>
        Actions.Cache.And("path", cache.Path).And("key", $"{cache.Name}-{JobEnvironment.Expression("runner.os")}-{JobEnvironment.Expression($"hashFiles({string.Join(", ", cache.KeyFiles.Select(Quoted))})")}");

    private static Step Download(Artifact artifact)
    {
        var step = Actions.DownloadArtifact.And("path", ArtifactRoot.Of(artifact.Patterns));
        return artifact.IsOfMatrix ? step.And("pattern", artifact.Name + "-*").And("merge-multiple", "true") : step.And("name", artifact.Name);
    }

    /// <summary>What nobody in the workflow reads is for a person, who wants it most after a failure.</summary>
    private static YamlMap Upload(Artifact artifact)
    {
        var name = artifact.IsOfMatrix ? $"{artifact.Name}-{JobEnvironment.Expression("strategy.job-index")}" : artifact.Name;
        var step = Actions.UploadArtifact.And("name", name).And("path", string.Join('\n', artifact.Patterns)).And("if-no-files-found", artifact.IsConsumed ? "error" : "warn");
        if (ArtifactRoot.HasHidden(artifact.Patterns)) step = step.And("include-hidden-files", "true");
        return artifact.IsConsumed ? Uses(step) : new YamlMap(("if", JobEnvironment.Expression("!cancelled()"))).With(Uses(step));
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
