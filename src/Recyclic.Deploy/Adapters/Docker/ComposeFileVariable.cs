using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The compose files that COMPOSE_FILE names, in the environment or in `.env`, as `docker compose` without `-f` finds
/// them in a folder.
/// </summary>
public static class ComposeFileVariable
{
    private const string Name = "COMPOSE_FILE";

    /// <summary>Compose reads `.env` by rules of its own, so it is asked what the variables are.</summary>
    private const string Question =
        "services: {}\nx-files: \"${COMPOSE_FILE:-}\"\nx-separator: \"${COMPOSE_PATH_SEPARATOR:-}\"\n";

    /// <returns>Absolute paths; empty: the variable is not set.</returns>
    /// <param name="envFiles">Read instead of `.env`.</param>
    public static async Task<ImmutableArray<string>> ReadAsync(
        DockerCli docker,
        string folder,
        ImmutableArray<string> envFiles,
        ImmutableDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        if (envFiles.FirstOrDefault(path => !File.Exists(path)) is { } lost)
            throw new ConfigurationException(
                "--env-file",
                $"there is no file {lost}",
                "Give the paths of your files of variables as they are."
            );
        if (!MayBeSet(envFiles.IsEmpty ? [Path.Combine(folder, ".env")] : envFiles, variables))
            return [];
        string[] files = [.. envFiles.SelectMany(path => new[] { "--env-file", path })];
        var command = Command.Of(
            "docker",
            [
                "compose",
                "--project-directory",
                folder,
                .. files,
                "-p",
                "question",
                "-f",
                "-",
                "config",
                "--format",
                "json",
            ]
        ) with
        {
            StandardInput = Question,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var result = await docker.RunAsync(command, cancellationToken);
        if (!result.Succeeded)
            throw ComposeRefusal.Of(Path.Combine(folder, ".env"), result);
        var answer = ComposeJson.Parse(Name, result.StandardOutput);
        var separator = answer["x-separator"].AsText() is { Length: > 0 } given ? given : $"{Path.PathSeparator}";
        return
        [
            .. (answer["x-files"].AsText() ?? "")
                .Split(separator, StringSplitOptions.RemoveEmptyEntries)
                .Select(file => Path.GetFullPath(file, folder)),
        ];
    }

    /// <summary>Whether it is worth a process to ask: a wrong yes costs only that.</summary>
    private static bool MayBeSet(IEnumerable<string> files, ImmutableDictionary<string, string> variables) =>
        variables.ContainsKey(Name)
        || Environment.GetEnvironmentVariable(Name) is { Length: > 0 }
        || files.Any(file => File.Exists(file) && File.ReadAllText(file).Contains(Name, StringComparison.Ordinal));
}
