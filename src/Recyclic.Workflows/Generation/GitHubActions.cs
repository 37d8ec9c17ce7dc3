using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows.Generation;

/// <summary>GitHub Actions: a file for each workflow.</summary>
public sealed record GitHubActions : ICiSystem
{
    /// <inheritdoc/>
    public string Name => "GitHub Actions";

    /// <summary>None: what is defined is what GitHub has.</summary>
    public IEnumerable<string> Mistakes(ImmutableArray<JobGraph> workflows, BuildGraph graph) => [];

    /// <inheritdoc/>
    public IEnumerable<(string Path, YamlMap Document)> Files(ImmutableArray<JobGraph> workflows, BuildGraph graph) =>
        workflows.Select(jobs =>
            ($"{WorkflowFile.Directory}/{jobs.Workflow.Source.Name}.yml", WorkflowYaml.Of(jobs, graph))
        );
}
