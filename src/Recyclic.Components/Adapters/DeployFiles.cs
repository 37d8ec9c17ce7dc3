using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Components.Adapters;

/// <summary>The compose files that all commands of an environment mean.</summary>
internal static class DeployFiles
{
    /// <summary>
    /// What is named by option, environment or build class; else COMPOSE_FILE, so that a team that relies on it gets what plain
    /// compose gives; else the default.
    /// </summary>
    /// <returns>Absolute paths, at least one.</returns>
    public static async Task<ImmutableArray<string>> OfAsync(IHazDeployment build, DeployEnvironment environment, DockerCli docker, CancellationToken cancellationToken)
    {
        var files = build.ComposeFilesOf(environment);
        var isPlainDefault = build.ComposeFile is null && environment.ComposeFiles.IsEmpty && build.DefaultComposeFile == build.RootDirectory / "docker-compose.yml";
        if (!isPlainDefault) return files;
        var named = await ComposeFileVariable.ReadAsync(docker, build.RootDirectory, environment.Variables.ToImmutableDictionary(variable => variable.Name, variable => variable.Value), cancellationToken);
        return named.IsEmpty ? files : named;
    }
}
