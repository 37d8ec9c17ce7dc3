using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What compose is asked of the team's files, each in a process of its own.</summary>
/// <param name="docker">Asked through this.</param>
internal sealed class ComposeQuestions(DockerCli docker)
{
    public Task<CommandResult> ResolveAsync(
        string[] start,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    ) => docker.ReadAsync([.. start, "config", "--format", "json"], cancellationToken, environment);

    /// <summary>
    /// With another value of the tag variable, and paths as they are written where compose can leave them so.
    /// </summary>
    public async Task<CommandResult> ProbeAsync(
        string[] start,
        string file,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("docker", [.. start, "config", "--format", "json", "--no-path-resolution"]) with
        {
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(file)),
            Timeout = TimeSpan.FromSeconds(30),
        };
        var result = await docker.RunAsync(command, cancellationToken);
        return result.Succeeded ? result : await ResolveAsync(start, environment, cancellationToken);
    }

    /// <summary>
    /// What would be released if its profile were enabled. What compose cannot read then is nothing to go by.
    /// </summary>
    public async Task<ImmutableSortedDictionary<string, ImmutableArray<string>>> ReadHiddenAsync(
        string[] start,
        string file,
        JsonObject model,
        ImmutableDictionary<string, string> environment,
        string tagVariable,
        CancellationToken cancellationToken
    )
    {
        var shown = model["services"] as JsonObject ?? [];
        var all = await ResolveAsync([.. start, "--profile", "*"], environment, cancellationToken);
        if (
            !all.Succeeded
            || ComposeJson.Parse(file, all.StandardOutput)["services"] is not JsonObject services
            || services.All(service => shown.ContainsKey(service.Key))
        )
            return ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;
        var again = await ResolveAsync(
            [.. start, "--profile", "*"],
            environment.SetItem(tagVariable, environment[tagVariable] + "0"),
            cancellationToken
        );
        var users = again.Succeeded
            ? ComposeVariants.UsersOf(
                ComposeJson.Parse(file, all.StandardOutput),
                ComposeJson.Parse(file, again.StandardOutput)
            )
            : [];
        return services
            .Where(service => (users.Contains(service.Key) || shown.Count == 0) && !shown.ContainsKey(service.Key))
            .ToImmutableSortedDictionary(
                service => service.Key,
                service =>
                    (service.Value.At("profiles") as JsonArray ?? [])
                        .Select(profile => profile.AsText())
                        .OfType<string>()
                        .ToImmutableArray(),
                StringComparer.Ordinal
            );
    }

    /// <summary>
    /// `x-recyclic` of each service with its variables filled in. Compose's resolved JSON leaves extensions of services
    /// out, its resolved YAML does not; so that YAML is read once more, as written, into JSON.
    /// </summary>
    public async Task<JsonObject> ReadExtensionsAsync(
        string[] start,
        string file,
        IEnumerable<string> texts,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        if (!MayHave(texts, "x-recyclic"))
            return [];
        var yaml = await docker.ReadAsync([.. start, "config"], cancellationToken, environment);
        if (!yaml.Succeeded)
            throw ComposeRefusal.Of(file, yaml);
        if (!yaml.StandardOutput.Contains("x-recyclic", StringComparison.Ordinal))
            return [];
        var rereading = Command.Of(
            "docker",
            "compose",
            "-f",
            "-",
            "--profile",
            "*",
            "config",
            "--format",
            "json",
            "--no-interpolate"
        ) with
        {
            StandardInput = yaml.StandardOutput,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var json = await docker.RunAsync(rereading, cancellationToken);
        if (!json.Succeeded)
            throw ComposeRefusal.Of(file, json);
        var extensions = new JsonObject();
        foreach (var (name, service) in ComposeJson.Parse(file, json.StandardOutput)["services"] as JsonObject ?? [])
            if (service is JsonObject known && known.ContainsKey("x-recyclic"))
                extensions[name] = known["x-recyclic"]?.DeepClone();
        return extensions;
    }

    /// <summary>Whether it is worth a process to ask: another file that has the word may be drawn in.</summary>
    public static bool MayHave(IEnumerable<string> texts, string word) =>
        texts.Any(text =>
            new[] { word, "include", "extends" }.Any(each => text.Contains(each, StringComparison.Ordinal))
        );
}
