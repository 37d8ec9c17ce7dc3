using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The compose files that COMPOSE_FILE names, in the environment or in `.env`, as `docker compose` without `-f` finds them in a folder.</summary>
public static class ComposeFileVariable
{
    private const string Name = "COMPOSE_FILE";

    /// <summary>Compose reads `.env` by rules of its own, so it is asked what the variables are.</summary>
    private const string Question = "services: {}\nx-files: \"${COMPOSE_FILE:-}\"\nx-separator: \"${COMPOSE_PATH_SEPARATOR:-}\"\n";

    /// <returns>Absolute paths; empty: the variable is not set.</returns>
    public static async Task<ImmutableArray<string>> ReadAsync(DockerCli docker, string folder, ImmutableDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        if (!MayBeSet(folder, variables)) return [];
        var command = Command.Of("docker", "compose", "--project-directory", folder, "-p", "question", "-f", "-", "config", "--format", "json") with { StandardInput = Question, Timeout = TimeSpan.FromSeconds(30) };
        var result = await docker.RunAsync(command, cancellationToken);
        if (!result.Succeeded) throw ComposeCli.Refused(Path.Combine(folder, ".env"), result);
        var answer = ComposeJson.Parse(Name, result.StandardOutput);
        var separator = answer["x-separator"].AsText() is { Length: > 0 } given ? given : $"{Path.PathSeparator}";
        return [.. (answer["x-files"].AsText() ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries).Select(file => Path.GetFullPath(file, folder))];
    }

    /// <summary>Whether it is worth a process to ask: a wrong yes costs only that.</summary>
    private static bool MayBeSet(string folder, ImmutableDictionary<string, string> variables)
    {
        if (variables.ContainsKey(Name) || Environment.GetEnvironmentVariable(Name) is { Length: > 0 }) return true;
        var file = Path.Combine(folder, ".env");
        return File.Exists(file) && File.ReadAllText(file).Contains(Name, StringComparison.Ordinal);
    }
}
