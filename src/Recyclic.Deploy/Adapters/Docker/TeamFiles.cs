using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The team's compose files on this machine, before compose reads them, and what they name.</summary>
internal sealed class TeamFiles(ComposeSettings settings)
{
    /// <summary>The beginning of each command that reads the team's files.</summary>
    public string[] Start(string file, string? project)
    {
        if (Directory.Exists(file))
            throw new ConfigurationException(
                "--compose-file",
                $"{file} is a directory",
                "Give the path of the compose file in it."
            );
        if (!File.Exists(file))
            throw new ConfigurationException(
                "--compose-file",
                $"there is no file {file}",
                "Give the path of your compose file."
            );
        if (settings.Overrides.FirstOrDefault(path => !File.Exists(path)) is { } absent)
            throw new ConfigurationException(
                "--compose-file",
                $"there is no file {absent}",
                "Give the paths of your compose files as they are."
            );
        if (settings.EnvFiles.FirstOrDefault(path => !File.Exists(path)) is { } lost)
            throw new ConfigurationException(
                "--env-file",
                $"there is no file {lost}",
                "Give the paths of your files of variables as they are."
            );
        return
        [
            "compose",
            .. Each("-f", settings.Overrides.Prepend(file)),
            .. Each("--env-file", settings.EnvFiles),
            .. Each("--profile", settings.Profiles),
            .. Each("-p", project is null ? [] : [project]),
        ];

        static IEnumerable<string> Each(string option, IEnumerable<string> values) =>
            values.SelectMany(value => new[] { option, value });
    }

    /// <summary>The files as they are written; none of which compose would read until the memory is used up.</summary>
    public async Task<string[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var texts = await Task.WhenAll(
            settings.Overrides.Prepend(file).Select(path => File.ReadAllTextAsync(path, cancellationToken))
        );
        if (texts.Select(YamlAliases.WhySwells).FirstOrDefault(why => why is not null) is { } swells)
            throw new ConfigurationException(
                file,
                swells,
                "Mend the file: aliases of aliases multiply, and compose would read it until the memory is used up."
            );
        return texts;
    }

    /// <summary>Bind mounts, secrets and configs of this machine that are not there, by service.</summary>
    public static ILookup<string, string> FindMissingFiles(JsonObject model)
    {
        var wanted =
            from service in model["services"] as JsonObject ?? []
            from path in BindMounts(service.Value)
                .Concat(Files("secrets", service.Value))
                .Concat(Files("configs", service.Value))
            where path.Length > 0 && !Path.Exists(path)
            select (service.Key, path);
        return wanted.Distinct().ToLookup(entry => entry.Key, entry => entry.path);

        IEnumerable<string> BindMounts(JsonNode? service) =>
            (service?["volumes"] as JsonArray ?? [])
                .Where(mount => mount?["type"]?.ToString() == "bind")
                .Select(mount => mount!["source"]?.ToString() ?? "");

        IEnumerable<string> Files(string kind, JsonNode? service) =>
            (service?[kind] as JsonArray ?? []).Select(use =>
                model[kind]?[use?["source"]?.ToString() ?? ""]?["file"]?.ToString() ?? ""
            );
    }
}
