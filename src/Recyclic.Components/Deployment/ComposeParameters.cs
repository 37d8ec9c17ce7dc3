using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>Pure: how compose files are read, by the parameters of a build.</summary>
internal static class ComposeParameters
{
    /// <param name="environment">What counts where the build has no parameter.</param>
    /// <param name="files">The compose files, the first one and what is merged over it.</param>
    /// <exception cref="ConfigurationException">A parameter says nothing that could be meant.</exception>
    public static ComposeSettings Of(
        IHazDeployment build,
        DeployEnvironment environment,
        ImmutableArray<string> files
    ) =>
        new()
        {
            Overrides = files[1..],
            EnvFiles = EnvFilesOf(build, environment),
            Profiles = build.Deployment.ComposeProfile is { Count: > 0 } profiles
                ? [.. profiles]
                : environment.Profiles,
            TagVariable = build.Deployment.TagVariable ?? environment.TagVariable,
            IsTagGiven = build.Deployment.Tag is not null,
            Released =
                build.Deployment.ReleasedServices is { } services ? [.. services]
                : environment.Released.IsEmpty ? null
                : environment.Released,
            Images = ImagesOf(build.Deployment.ServiceImages ?? []),
            StrictVariables = build.Deployment.StrictVariables,
            Redactor = build.Redactor,
        };

    /// <returns>Absolute paths; empty: as compose finds them.</returns>
    public static ImmutableArray<string> EnvFilesOf(IHazDeployment build, DeployEnvironment environment) =>
        build.Deployment.EnvFile is { Count: > 0 } given
            ? [.. given.Select(file => file.ToString())]
            : [.. environment.EnvFiles.Select(file => (build.RootDirectory / file).ToString())];

    /// <summary>
    /// The options that a next command needs to mean the same application and files, each after a space.
    /// </summary>
    public static string ToText(IHazDeployment build) =>
        string.Concat(
            Each("--project", build.Deployment.Project is { } project ? new[] { project } : null),
            Each("--compose-file", build.Deployment.ComposeFile),
            Each("--env-file", build.Deployment.EnvFile),
            Each("--compose-profile", build.Deployment.ComposeProfile),
            Each("--tag-variable", build.Deployment.TagVariable is { } variable ? new[] { variable } : null),
            Each("--release", build.Deployment.ReleasedServices),
            Each("--image", build.Deployment.ServiceImages)
        );

    private static string Each<T>(string option, IEnumerable<T>? values) =>
        string.Concat((values ?? []).Select(value => $" {option} {Command.Quote($"{value}")}"));

    private static ImmutableSortedDictionary<string, string> ImagesOf(IEnumerable<string> given)
    {
        var images = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } service, { Length: > 0 } image])
                throw new ConfigurationException(
                    "--image",
                    $"'{PrintableText.Of(text, 120)}' is not service=image",
                    "Write for example --image api=registry.example/team/api."
                );
            if (images.TryGetValue(service, out var other) && other != image)
                throw new ConfigurationException(
                    "--image",
                    $"{service} is to be both {other} and {image}",
                    "Keep one."
                );
            images[service] = image;
        }
        return images.ToImmutable();
    }
}
