using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Adapters;

/// <summary>Finds out where an application's files are: machine, folder, and repository.</summary>
internal static class OriginReader
{
    private static readonly string[] CiVariables =
    [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "TF_BUILD",
        "TEAMCITY_VERSION",
        "JENKINS_URL",
        "BITBUCKET_BUILD_NUMBER",
        "APPVEYOR",
    ];

    /// <param name="files">The compose files by absolute path.</param>
    /// <param name="variables">The build's, which say whether this is a CI run and of which repository.</param>
    /// <returns>Null: there is no first file.</returns>
    public static async Task<Origin?> ReadAsync(
        ImmutableArray<string> files,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        if (files.IsEmpty || !File.Exists(files[0]))
            return null;
        var folder = Path.GetDirectoryName(files[0])!;
        var repository = await Git.RepositoryAsync(folder, cancellationToken);
        var remote =
            repository?.Remote
            ?? (
                variables.GetValueOrDefault("GITHUB_REPOSITORY") is { Length: > 0 } name
                    ? $"{variables.GetValueOrDefault("GITHUB_SERVER_URL", "https://github.com")}/{name}"
                    : variables.GetValueOrDefault("CI_PROJECT_URL")
            );
        // The path of the folder as git sees it: a link on the way to it would make every file one of outside.
        var prefix = repository?.Prefix;
        return new Origin(Machine.Name, folder, [.. files.Select(file => (prefix ?? "") + Relative(folder, file))])
        {
            Repository = Origin.RepositoryOf(remote),
            FirstCommit = repository?.FirstCommit,
            Passing = CiVariables.Any(variable => variables.GetValueOrDefault(variable) is { Length: > 0 })
                ? true
                : null,
        };
    }

    private static string Relative(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');
}
