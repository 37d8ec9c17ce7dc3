using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Workflows;
using Recyclic.Workflows.GitLab;

/// <summary>Our own build's definitions of the sample's pipeline, as they are, on GitLab.</summary>
partial class Build : RecyclicBuild
{
    IEnumerable<ICiSystem> IWorkflows.CiSystems => [new GitLabCi { Image = "dotnet-sdk:10.0" }];

    /// <summary>What the real one does is of no account here.</summary>
    Target Test => _ => _.DependsOn<ISetup>(build => build.Setup).Executes(() => { });
}
