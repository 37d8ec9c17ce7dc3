using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Adapters;

/// <summary>The compose files that all commands of an environment mean.</summary>
internal static class DeployFiles
{
    /// <summary>
    /// What is named by option or environment; else COMPOSE_FILE, so that a team that relies on it gets what plain
    /// compose gives, but that of `.env` not where the build class names a file; else that, or what compose finds in
    /// the root directory. </summary>
    /// <returns>Absolute paths, at least one.</returns>
    public static async Task<ImmutableArray<string>> OfAsync(
        IHazDeployment build,
        DeployEnvironment environment,
        DockerCli docker,
        CancellationToken cancellationToken
    )
    {
        // One that is set for this very command is meant, whatever the build class says.
        var isMeant =
            IsUnnamed(build, environment) && Environment.GetEnvironmentVariable("COMPOSE_FILE") is { Length: > 0 };
        if (!isMeant && !IsPlainDefault(build, environment))
            return Named(build, environment);
        var variables = environment.Variables.ToImmutableDictionary(
            variable => variable.Name,
            variable => variable.Value
        );
        var named = await ComposeFileVariable.ReadAsync(
            docker,
            build.RootDirectory,
            ComposeParameters.EnvFilesOf(build, environment),
            variables,
            cancellationToken
        );
        return named.IsEmpty ? Named(build, environment) : named;
    }

    /// <summary>The same without COMPOSE_FILE, which only compose can say.</summary>
    public static ImmutableArray<string> Named(IHazDeployment build, DeployEnvironment environment) =>
        build.Deployment.ComposeFile is { Count: > 0 } given ? [.. given.Select(file => file.ToString())]
        : !environment.ComposeFiles.IsEmpty
            ? [.. environment.ComposeFiles.Select(file => (build.RootDirectory / file).ToString())]
        : IsPlainDefault(build, environment) ? ComposeFileNames.In(build.RootDirectory, File.Exists)
        : [build.DefaultComposeFile];

    private static bool IsPlainDefault(IHazDeployment build, DeployEnvironment environment) =>
        IsUnnamed(build, environment) && build.DefaultComposeFile == build.RootDirectory / "docker-compose.yml";

    private static bool IsUnnamed(IHazDeployment build, DeployEnvironment environment) =>
        build.Deployment.ComposeFile is null or [] && environment.ComposeFiles.IsEmpty;
}
