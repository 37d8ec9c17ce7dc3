using System.Text.RegularExpressions;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Adapters;

/// <summary>The project name that compose would use for a file, asked of compose itself only when the file does not say it plainly.</summary>
internal static partial class ComposeName
{
    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new ConfigurationException("--compose-file", $"there is no file {file}", "Give the path of your compose file, or the application's name: --project <name>.");
        if (Plain(file) is { } plain) return plain;
        var command = Command.Of("docker", "compose", "-f", file, "config", "--format", "json", "--no-interpolate");
        var result = await new DockerCli(new ProcessCommandRunner()).RunAsync(command, cancellationToken);
        var name = result.Succeeded ? System.Text.Json.Nodes.JsonNode.Parse(result.StandardOutput)?["name"]?.GetValue<string>() : null;
        return name ?? throw new ConfigurationException(file, result.StandardError.Trim(), $"Mend the file; `docker compose -f {file} config` shows the same.");
    }

    /// <summary>The name where it can be told without compose; null: only compose can, or there is no such file.</summary>
    public static string? Plain(string file)
    {
        if (Environment.GetEnvironmentVariable("COMPOSE_PROJECT_NAME") is { Length: > 0 } given) return given;
        return File.Exists(file) && PlainName().Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups[1].Value : null;
    }

    [GeneratedRegex(@"^name:\s*[""']?([a-z0-9][a-z0-9_-]*)[""']?\s*(#.*)?$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex PlainName();
}
