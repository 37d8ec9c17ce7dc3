using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What the docker command line is set to, read from its files and variables without starting it.</summary>
/// <param name="variables">Variables that are set on top of this process's own; an empty one counts as not set.</param>
/// <param name="tunnel">A socket of this machine by which the engine is reached, wherever that is; default:
/// none.</param>
public sealed class DockerSetting(ImmutableDictionary<string, string> variables, string? tunnel = null)
{
    private const string DefaultHost = "unix:///var/run/docker.sock";

    /// <summary>As this process finds it.</summary>
    public static DockerSetting Ambient { get; } = new(ImmutableDictionary<string, string>.Empty);

    /// <summary>
    /// The engine's address: `DOCKER_HOST`, or that of the context in use; a context whose address is not to be found
    /// is its name.
    /// </summary>
    public string EngineHost =>
        Variable("DOCKER_HOST")
        ?? (
            Context is { } context ? HostOf(context) ?? $"context {context}"
            : OperatingSystem.IsWindows() ? "npipe:////./pipe/docker_engine"
            : DefaultHost
        );

    /// <summary>Whether the engine runs on this machine.</summary>
    public bool IsLocal =>
        EngineHost.StartsWith("unix://", StringComparison.Ordinal)
        || EngineHost.StartsWith("npipe://", StringComparison.Ordinal);

    /// <summary>Whether the engine is the one that a system's own package runs on this machine.</summary>
    public bool IsSystemEngine => EngineHost is DefaultHost or "unix:///run/docker.sock";

    /// <summary>
    /// The socket by which the engine is reached; null: it is to be reached by the docker command line.
    /// </summary>
    public string? Socket =>
        tunnel ?? (EngineHost.StartsWith("unix://", StringComparison.Ordinal) ? EngineHost["unix://".Length..] : null);

    /// <summary>Where the docker command line keeps its files.</summary>
    public string Directory =>
        Variable("DOCKER_CONFIG")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");

    /// <summary>The configuration of the docker command line; null: it has none that can be read.</summary>
    internal JsonObject? Configuration => Read(Path.Combine(Directory, "config.json"));

    /// <summary>The context in use; null: the default one.</summary>
    private string? Context =>
        (Variable("DOCKER_CONTEXT") ?? Configuration?["currentContext"]?.ToString()) is { Length: > 0 } context
        && context != "default"
            ? context
            : null;

    /// <summary>
    /// Where a plugin of the docker command line is, or null. The directories are those that it searches itself, in its
    /// order.
    /// </summary>
    public string? FindPlugin(string name) =>
        new[]
        {
            Path.Combine(Directory, "cli-plugins"),
            "/usr/local/lib/docker/cli-plugins",
            "/usr/local/libexec/docker/cli-plugins",
            "/usr/lib/docker/cli-plugins",
            "/usr/libexec/docker/cli-plugins",
        }
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Docker keeps a context under the hash of its name.</summary>
    private string? HostOf(string context)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context)));
        return Read(Path.Combine(Directory, "contexts", "meta", key, "meta.json"))
            ?["Endpoints"]?["docker"]?["Host"]?.ToString();
    }

    private string? Variable(string name) =>
        (variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name)) is { Length: > 0 } value
            ? value
            : null;

    private static JsonObject? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // The docker command line says what is wrong with its files when it is run.
            return null;
        }
    }
}
