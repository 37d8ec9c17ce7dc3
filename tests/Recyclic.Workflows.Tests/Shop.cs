using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Workflows.Generation;
using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.Tests;

/// <summary>The shop's graph and what is generated from it.</summary>
internal static class Shop
{
    private static readonly Lazy<Task<(BuildGraph, ImmutableArray<WorkflowFile>, ImmutableArray<JobGraph>)>> Read = new(
        ReadAsync
    );

    public static BuildGraph Graph => Read.Value.GetAwaiter().GetResult().Item1;

    public static ImmutableArray<WorkflowFile> Files => Read.Value.GetAwaiter().GetResult().Item2;

    public static string Text(string name) =>
        Files.Single(file => file.Path.EndsWith($"/{name}.yml", StringComparison.Ordinal)).Text;

    public static JobGraph Jobs(string name) =>
        Read.Value.GetAwaiter().GetResult().Item3.Single(jobs => jobs.Workflow.Source.Name == name);

    /// <summary>What the generator says of other definitions of the same build.</summary>
    public static Task<(ImmutableArray<WorkflowFile> Files, string Error)> GenerateAsync(
        Func<ShopBuild, IEnumerable<Workflow>> definitions
    ) => GenerateAsync(definitions, new GitHubActions());

    /// <summary>These definitions are a mistake, told in these words among others, and no file comes of them.</summary>
    public static async Task ShouldRefuseAsync(Func<ShopBuild, IEnumerable<Workflow>> definitions, string expected)
    {
        var (files, error) = await GenerateAsync(definitions);
        error.ShouldContain(expected);
        error.ShouldContain("  files   untouched");
        files.IsDefaultOrEmpty.ShouldBeTrue();
    }

    /// <inheritdoc cref="GenerateAsync(Func{ShopBuild, IEnumerable{Workflow}})"/>
    public static async Task<(ImmutableArray<WorkflowFile> Files, string Error)> GenerateAsync(
        Func<ShopBuild, IEnumerable<Workflow>> definitions,
        ICiSystem system
    )
    {
        ImmutableArray<WorkflowFile> files = [];
        var error = "";
        await WithBuildAsync(build =>
        {
            try
            {
                files = WorkflowFile.Of([system], definitions(build), build.Graph, build.NameOf);
            }
            catch (TargetFailedException exception)
            {
                exception.ExitCode.ShouldBe(2);
                error = exception.Message;
            }
        });
        return (files, error);
    }

    private static async Task<(BuildGraph, ImmutableArray<WorkflowFile>, ImmutableArray<JobGraph>)> ReadAsync()
    {
        (BuildGraph, ImmutableArray<WorkflowFile>, ImmutableArray<JobGraph>) read = default;
        await WithBuildAsync(build =>
        {
            var mistakes = new List<string>();
            ImmutableArray<JobGraph> jobs =
            [
                .. build.All.Select(workflow =>
                    JobPlanner.Plan(NamedWorkflow.Of(workflow, build.NameOf, mistakes), build.Graph)
                ),
            ];
            mistakes.ShouldBeEmpty();
            read = (build.Graph, WorkflowFile.Of(build.All, build.Graph, build.NameOf), jobs);
        });
        return read;
    }

    /// <summary>A build exists inside a run only; a dry run of a target that generates nothing.</summary>
    private static async Task WithBuildAsync(Action<ShopBuild> act)
    {
        ShopBuild.Definitions.Value = build =>
        {
            act(build);
            return [build.Ci];
        };
        var run = await new BuildTester().RunAsync<ShopBuild>("Workflows", "--dry-run");
        ShopBuild.Definitions.Value = null;
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
    }
}
