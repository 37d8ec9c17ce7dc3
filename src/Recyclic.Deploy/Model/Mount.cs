using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>What a container sees of the host below one of its paths.</summary>
/// <param name="Type">`volume` or `bind`; others are of no concern here.</param>
/// <param name="Source">The volume's name, or the path on the host; empty: an anonymous volume that is yet to be
/// made.</param>
/// <param name="Target">The path inside the container, without a slash at its end.</param>
public sealed record Mount(string Type, string Source, string Target, bool Writable)
{
    /// <summary>Paths of the host that many containers mount and none keeps its data below.</summary>
    private static readonly string[] SystemPaths = ["/dev", "/etc", "/proc", "/run", "/sys", "/usr", "/var/run"];

    /// <summary>Whether a service could keep its data there.</summary>
    public bool KeepsData =>
        Writable
        && Source.Length > 0
        && (
            Type == "volume"
            || Type == "bind"
                && !Source.EndsWith(".sock", StringComparison.Ordinal)
                && !SystemPaths.Any(path => Source == path || Source.StartsWith(path + "/", StringComparison.Ordinal))
        );

    /// <summary>As a refusal names it: `the volume shop_uploads (/data)`.</summary>
    public string Describe() => $"{(Type == "bind" ? "" : "the volume ")}{Source} ({Target})";

    /// <summary>A path of a container as the engine compares them: `/data/` is `/data`.</summary>
    public static string Clean(string path) =>
        "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));

    /// <summary>What a service of compose's resolved model mounts, volumes under their full names.</summary>
    public static ImmutableArray<Mount> Of(JsonObject document, string service) =>
        [
            .. from entry in (document["services"].At(service).At("volumes") as JsonArray ?? []).OfType<JsonObject>()
            let type = entry["type"].AsText() ?? ""
            let source = entry["source"].AsText() ?? ""
            select new Mount(
                type,
                type == "volume" && source.Length > 0
                    ? document["volumes"].At(source).At("name").AsText() ?? source
                    : source,
                Clean(entry["target"].AsText() ?? ""),
                entry["read_only"]?.ToString() != "true"
            ),
        ];

    /// <summary>
    /// Where a service gets an anonymous volume: by an entry of the file without a source, or by its image's VOLUME
    /// that no entry covers.
    /// </summary>
    /// <param name="ofImage">What the image declares; empty: nothing, or it is not known yet.</param>
    public static ImmutableArray<string> AnonymousOf(
        JsonObject document,
        string service,
        params IEnumerable<string> ofImage
    )
    {
        var mounts = Of(document, service);
        var memory = document["services"].At(service).At("tmpfs") is JsonArray list
            ? list.Select(entry => Clean((entry.AsText() ?? "").Split(':')[0]))
            : [];
        var covered = mounts.Select(mount => mount.Target).Concat(memory).ToHashSet();
        var paths = mounts
            .Where(mount => mount is { Type: "volume", Source: "" })
            .Select(mount => mount.Target)
            .Concat(ofImage.Select(Clean).Where(path => path != "/" && !covered.Contains(path)))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return paths.Count == 0 ? [] : [.. paths];
    }
}
