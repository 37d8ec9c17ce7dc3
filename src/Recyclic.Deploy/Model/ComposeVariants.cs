using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: one compose file, resolved with different values of a variable. What differs between the two uses it.
/// </summary>
internal static class ComposeVariants
{
    /// <summary>What stands for a value that is not known: a number, since it may be a port's.</summary>
    public const string StandIn = "48151";

    /// <summary>Much like it, so that compose reads it wherever it reads the tag itself.</summary>
    public static string OtherThan(ReleaseTag? tag) =>
        tag?.Value switch
        {
            null => StandIn,
            { Length: < ReleaseTag.MostCharacters } value => value + "0",
            var value => value[..^1] + (value[^1] == '0' ? '1' : '0'),
        };

    /// <summary>The services whose image differs between the two.</summary>
    public static ImmutableHashSet<string> UsersOf(JsonObject model, JsonObject other) =>
        [
            .. (model["services"] as JsonObject ?? [])
                .Where(service =>
                    service.Value.At("image").AsText() != other["services"].At(service.Key).At("image").AsText()
                )
                .Select(service => service.Key),
        ];

    /// <summary>The services whose whole image is a variable, by what was put into that.</summary>
    public static ImmutableSortedDictionary<string, ImageVariable> VariablesOf(
        JsonObject model,
        ImmutableArray<ImageVariable> candidates,
        ImmutableDictionary<string, string> standIns
    ) =>
        (
            from service in model["services"] as JsonObject ?? []
            let image = service.Value.At("image").AsText()
            let variable = candidates.FirstOrDefault(candidate => standIns[candidate.Name] == image)
            where variable is not null
            select KeyValuePair.Create(service.Key, variable)
        ).ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Whether all of these services have an image without the release: none is built here, and none of their names
    /// lacks a tag.
    /// </summary>
    /// <param name="model">Resolved without a tag of the release.</param>
    public static bool AreNamed(JsonObject model, IEnumerable<string> services) =>
        services.All(name =>
            model["services"].At(name) is { } service
            && service.At("build") is null
            && service.At("image").AsText() is { Length: > 0 } image
            && image[^1] is not (':' or '@' or '/')
        );

    /// <summary>Bind mounts whose source is not absolute as it is written: service and target.</summary>
    public static ILookup<string, string> RelativeMountsOf(JsonObject written) =>
        (
            from service in written["services"] as JsonObject ?? []
            from mount in (service.Value.At("volumes") as JsonArray ?? []).OfType<JsonObject>()
            where mount["type"].AsText() == "bind" && !Path.IsPathRooted(mount["source"].AsText() ?? "")
            select (service.Key, Target: mount["target"].AsText() ?? "")
        ).ToLookup(mount => mount.Key, mount => mount.Target);

    /// <summary>Configs and secrets whose file is not absolute as it is written: `secrets.token`.</summary>
    public static ImmutableHashSet<string> RelativeFilesOf(JsonObject written) =>
        [
            .. from list in new[] { "configs", "secrets" }
            from declared in written[list] as JsonObject ?? []
            where declared.Value.At("file").AsText() is { } file && !Path.IsPathRooted(file)
            select $"{list}.{declared.Key}",
        ];
}
