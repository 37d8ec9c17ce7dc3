using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Compose v2: reads the team's files, and starts the models made of them. Models travel on standard input.</summary>
public sealed partial class ComposeCli(DockerCli docker)
{
    /// <exception cref="ConfigurationException">The file is missing or compose refuses it, in compose's own words.</exception>
    public async Task<ComposeModel> ReadAsync(string file, string? project, ReleaseTag tag, string? registry, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw new ConfigurationException("--compose-file", $"there is no file {file}", "Give the path of your compose file.");
        var environment = ImmutableDictionary<string, string>.Empty.Add(ComposeReader.TagVariable, tag.Value).Add("REGISTRY", registry ?? "");
        string[] start = project is null ? ["compose", "-f", file] : ["compose", "-f", file, "-p", project];
        var resolving = docker.ReadAsync([.. start, "config", "--format", "json"], cancellationToken, environment);
        var raw = await docker.ReadAsync([.. start, "--profile", "*", "config", "--format", "json", "--no-interpolate", "--no-path-resolution"], cancellationToken, environment);
        var resolved = await resolving;
        if (!resolved.Succeeded) throw Refused(file, resolved);
        if (!raw.Succeeded) throw Refused(file, raw);
        var unset = UnsetVariable().Matches(resolved.StandardError).Select(match => match.Groups[1].Value);
        return new ComposeModel(Parse(file, resolved.StandardOutput), Parse(file, raw.StandardOutput), [.. unset.Distinct()], file);
    }

    /// <summary>Creates and starts services of a model; with <paramref name="start"/> false only creates them.</summary>
    public async Task UpAsync(JsonObject model, string project, IEnumerable<string> services, bool start, bool dependencies, CancellationToken cancellationToken) =>
        await docker.ChangeAsync(DockerCommands.ComposeUp(project, services, start, dependencies), cancellationToken, model.ToJsonString());

    public Task RemoveAsync(JsonObject model, string project, IEnumerable<string> services, CancellationToken cancellationToken) =>
        docker.ChangeAsync(DockerCommands.ComposeRemove(project, services), cancellationToken, model.ToJsonString());

    private static JsonObject Parse(string file, string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new ConfigurationException(file, "compose describes it by something that is no object", "Run `docker compose config` on it.");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(file, $"compose describes it by invalid JSON: {exception.Message}", "Run `docker compose config --format json` on it.");
        }
    }

    private static ConfigurationException Refused(string file, CommandResult result)
    {
        var lines = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("level=warning", StringComparison.Ordinal)).TakeLast(5);
        return new ConfigurationException(file, string.Join("; ", lines).Trim(), $"Mend the file; `docker compose -f {file} config` shows the same.");
    }

    [GeneratedRegex(@"The \\?""([A-Za-z_][A-Za-z0-9_]*)\\?"" variable is not set", RegexOptions.CultureInvariant)]
    private static partial Regex UnsetVariable();
}
