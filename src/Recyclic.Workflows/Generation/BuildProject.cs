using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>
/// The build project, compiled by the check of the files and taken by the jobs behind it. They take it by the number
/// that the upload had, so that no job between can put another in its place; build.sh runs it only if its content is
/// that of the commit, and compiles it else. </summary>
internal static class BuildProject
{
    /// <summary>No artifact of a target has such a name.</summary>
    private const string Name = "_build";
    private const string Directory = ".nuke/temp/build";

    public static YamlMap Outputs { get; } =
        new((Name, JobEnvironment.Expression($"steps.{Name}.outputs.artifact-id")));

    public static bool IsHandedOn(JobGraph jobs) => jobs.Jobs.Any(job => IsTakenBy(job, jobs.Workflow.Source));

    /// <summary>It runs on machines like the one that has compiled it, behind that.</summary>
    public static bool IsTakenBy(JobPlan job, Workflow workflow) =>
        workflow is { CompilesOnce: true, IsUrgent: false }
        && job.Place is { Container: null } place
        && !Matrix.HasMachines(place)
        && (place.Runner ?? workflow.Runner) == workflow.Runner;

    /// <summary>
    /// Without the lists of the times of change, which another machine has otherwise; <c>*/**</c> would match them too.
    /// A full store fails no check. </summary>
    public static Step HandOn(Workflow workflow)
    {
        var paths = new[] { "*/**/*", "*.content" }.Select(pattern =>
            Directories.InRepository(workflow, $"{Directory}/{pattern}")
        );
        return (Actions.UploadArtifact with { Id = Name, ContinuesOnError = true })
            .And("name", Name)
            .And("path", string.Join('\n', paths))
            .And("include-hidden-files", "true")
            .And("if-no-files-found", "error")
            .And("retention-days", "1");
    }

    /// <summary>
    /// Without a number the action would fetch all that there is. What is gone, a day later behind a gate, is compiled.
    /// </summary>
    public static Step Take(Workflow workflow)
    {
        var number = $"needs.{Names.CheckJob}.outputs.{Name}";
        return (Actions.DownloadArtifact with { If = $"{number} != ''", ContinuesOnError = true })
            .And("artifact-ids", JobEnvironment.Expression(number))
            .And("path", Directories.InRepository(workflow, Directory));
    }
}
