using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Compose v2: reads the team's files, and starts the models made of them. Models travel on standard input.</summary>
/// <param name="overrides">Further compose files, merged over the one that is read, in this order; default: none.</param>
public sealed partial class ComposeCli(DockerCli docker, ImmutableArray<string> overrides = default)
{
    /// <exception cref="ConfigurationException">The file is missing or compose refuses it, in compose's own words.</exception>
    public async Task<ComposeModel> ReadAsync(string file, string? project, ReleaseTag tag, string? registry, CancellationToken cancellationToken)
    {
        var (start, environment) = (Start(file, project), EnvironmentOf(tag.Value, registry));
        var resolving = docker.ReadAsync([.. start, "config", "--format", "json"], cancellationToken, environment);
        var raw = await docker.ReadAsync([.. start, "--profile", "*", "config", "--format", "json", "--no-interpolate", "--no-path-resolution"], cancellationToken, environment);
        var resolved = await resolving;
        if (!resolved.Succeeded) throw Refused(file, resolved);
        if (!raw.Succeeded) throw Refused(file, raw);
        var unset = UnsetVariable().Matches(resolved.StandardError).Select(match => match.Groups[1].Value);
        var (model, written) = (Parse(file, resolved.StandardOutput), Parse(file, raw.StandardOutput));
        await ResolveExtensionsAsync(start, file, written, environment, cancellationToken);
        return new ComposeModel(model, written, [.. unset.Distinct()], file) { MissingFiles = FindMissingFiles(model) };
    }

    /// <summary>The application's name, by the same files, variables and `.env` that <see cref="ReadAsync"/> reads it by.</summary>
    /// <exception cref="ConfigurationException">A file is missing or compose refuses it, in compose's own words.</exception>
    public Task<string> ReadNameAsync(string file, string? project, string? registry, CancellationToken cancellationToken) =>
        ComposeName.ReadAsync(docker, Start(file, project), file, EnvironmentOf("", registry), cancellationToken);

    private static ImmutableDictionary<string, string> EnvironmentOf(string tag, string? registry) =>
        ImmutableDictionary<string, string>.Empty.Add(ComposeReader.TagVariable, tag).Add("REGISTRY", registry ?? "");

    /// <summary>The beginning of each command that reads the team's files.</summary>
    private string[] Start(string file, string? project)
    {
        if (Directory.Exists(file))
            throw new ConfigurationException("--compose-file", $"{file} is a directory", "Give the path of the compose file in it.");
        if (!File.Exists(file))
            throw new ConfigurationException("--compose-file", $"there is no file {file}", "Give the path of your compose file.");
        var further = overrides.IsDefault ? [] : overrides;
        if (further.FirstOrDefault(path => !File.Exists(path)) is { } absent)
            throw new ConfigurationException("compose overrides", $"there is no file {absent}", "Give the paths of your override files as they are.");
        string[] files = ["compose", "-f", file, .. further.SelectMany(path => new[] { "-f", path })];
        return project is null ? files : [.. files, "-p", project];
    }

    /// <summary>
    /// Fills in the variables of `x-recyclic`. Compose's resolved JSON leaves extensions of services out, its resolved YAML does
    /// not; so that YAML is read once more, as written, into JSON.
    /// </summary>
    private async Task ResolveExtensionsAsync(string[] start, string file, JsonObject written, ImmutableDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        if (written["services"] is not JsonObject services || !services.Any(service => service.Value?["x-recyclic"]?.ToJsonString().Contains('$', StringComparison.Ordinal) == true)) return;
        var yaml = await docker.ReadAsync([.. start, "--profile", "*", "config"], cancellationToken, environment);
        if (!yaml.Succeeded) throw Refused(file, yaml);
        var rereading = Command.Of("docker", "compose", "-f", "-", "--profile", "*", "config", "--format", "json", "--no-interpolate") with { StandardInput = yaml.StandardOutput, Timeout = TimeSpan.FromSeconds(30) };
        var json = await docker.RunAsync(rereading, cancellationToken);
        if (!json.Succeeded) throw Refused(file, json);
        foreach (var (name, service) in Parse(file, json.StandardOutput)["services"] as JsonObject ?? [])
            if (services[name] is JsonObject mine && service?["x-recyclic"] is { } extension) mine["x-recyclic"] = extension.DeepClone();
    }

    /// <summary>Bind mounts, secrets and configs of this machine that are not there, by service.</summary>
    private static ILookup<string, string> FindMissingFiles(JsonObject model)
    {
        var wanted = from service in model["services"] as JsonObject ?? []
                     from path in BindMounts(service.Value).Concat(Files("secrets", service.Value)).Concat(Files("configs", service.Value))
                     where path.Length > 0 && !Path.Exists(path)
                     select (service.Key, path);
        return wanted.Distinct().ToLookup(entry => entry.Key, entry => entry.path);

        IEnumerable<string> BindMounts(JsonNode? service) =>
            (service?["volumes"] as JsonArray ?? []).Where(mount => mount?["type"]?.ToString() == "bind").Select(mount => mount!["source"]?.ToString() ?? "");

        IEnumerable<string> Files(string kind, JsonNode? service) =>
            (service?[kind] as JsonArray ?? []).Select(use => model[kind]?[use?["source"]?.ToString() ?? ""]?["file"]?.ToString() ?? "");
    }

    /// <summary>Creates and starts services of a model; with <paramref name="start"/> false only creates them.</summary>
    public async Task UpAsync(JsonObject model, string project, IEnumerable<string> services, bool start, bool dependencies, CancellationToken cancellationToken) =>
        await docker.ChangeAsync(DockerCommands.ComposeUp(project, services, start, dependencies), cancellationToken, model.ToJsonString());

    private static JsonObject Parse(string file, string json) => ComposeJson.Parse(file, json);

    internal static ConfigurationException Refused(string file, CommandResult result)
    {
        var lines = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("level=warning", StringComparison.Ordinal)).TakeLast(5);
        var reason = string.Join("; ", lines.Select(line => PrintableText.Of(line.TrimEnd('\r')))).Replace($"validating {file}: ", "", StringComparison.Ordinal).Trim();
        if (reason.Contains("invalid project name", StringComparison.Ordinal)) return new ConfigurationException("--project", reason, "Give another name: --project <name>.");
        var place = reason.StartsWith("yaml: line", StringComparison.Ordinal) ? "Mend the file at that line or below it" : "Mend the file";
        return new ConfigurationException(file, reason, $"{place}; `docker compose -f {file} config` shows the same.");
    }

    [GeneratedRegex(@"The \\?""([A-Za-z_][A-Za-z0-9_]*)\\?"" variable is not set", RegexOptions.CultureInvariant)]
    private static partial Regex UnsetVariable();
}
