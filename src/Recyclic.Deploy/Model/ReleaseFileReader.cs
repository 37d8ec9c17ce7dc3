using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: which files of this machine the services of a compose model get, and which of them belong to the release.
/// Configs and secrets do, wherever the engine is. A bind mount does where the engine is on another machine, or where
/// the file says so. </summary>
internal static class ReleaseFileReader
{
    /// <summary>In `x-recyclic`: whose the files of a service are.</summary>
    public const string Setting = "files",
        OfRelease = "release",
        OfHost = "host";

    private const int OwnerAlone = 0b110_000_000;

    public static ImmutableArray<ReleaseFile> Of(ComposeModel compose, bool engineIsLocal) =>
        [
            .. from entry in compose.Resolved["services"] as JsonObject ?? []
            where entry.Value is JsonObject
            let service = (JsonObject)entry.Value!
            let isReleased = compose.Choice.IsReleased(entry.Key)
            // What all releases share runs on this machine's engine as the file has it.
            where isReleased || !engineIsLocal
            let said = compose.Extensions[entry.Key].At(Setting).AsText()
            where said != OfHost
            from file in Mounts(compose, entry.Key, service, engineIsLocal && said != OfRelease)
                .Concat(Declared(compose, entry.Key, service, FileKind.Config, engineIsLocal, isReleased))
                .Concat(Declared(compose, entry.Key, service, FileKind.Secret, engineIsLocal, isReleased))
            select file,
        ];

    /// <summary>The environment variables whose values are configs or secrets of some service.</summary>
    public static ImmutableArray<string> VariablesOf(ComposeModel compose) =>
        [
            .. (
                from list in new[] { "configs", "secrets" }
                from service in compose.Resolved["services"] as JsonObject ?? []
                from use in service.Value.At(list) as JsonArray ?? []
                select compose
                    .Resolved[list]
                    .At(use.At("source").AsText() ?? "")
                    .At("environment")
                    .AsText() into variable
                where !string.IsNullOrEmpty(variable)
                select variable
            ).Distinct(),
        ];

    /// <summary>
    /// Whether a bind mount is written as relative, and is below the folder of the compose file: whoever has that
    /// folder has the file.
    /// </summary>
    public static bool IsOfProject(ComposeModel compose, string service, JsonObject mount) =>
        compose.RelativeMounts[service].Contains(mount["target"].AsText() ?? "")
        && IsBelow(compose.Folder, mount["source"].AsText() ?? "");

    public static bool IsReadOnly(JsonObject mount) => mount["read_only"]?.ToString() == "true";

    /// <summary>As the team knows a path: `./conf`, relative to the folder of the compose file.</summary>
    public static string NameOf(ComposeModel compose, string path) =>
        IsBelow(compose.Folder, path)
            ? path.Length == compose.Folder.Length
                ? "."
                : "." + path[compose.Folder.Length..]
            : path;

    private static bool IsBelow(string folder, string path) =>
        folder.Length > 0 && (path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static IEnumerable<ReleaseFile> Mounts(ComposeModel compose, string name, JsonObject service, bool stays) =>
        from mount in (service["volumes"] as JsonArray ?? []).OfType<JsonObject>()
        let source = mount["source"].AsText() ?? ""
        where mount["type"].AsText() == "bind" && IsReadOnly(mount) && IsOfProject(compose, name, mount)
        select new ReleaseFile(
            name,
            Mount.Clean(mount["target"].AsText() ?? ""),
            FileKind.Mount,
            NameOf(compose, source)
        )
        {
            Path = source,
            Travels = !stays,
        };

    private static IEnumerable<ReleaseFile> Declared(
        ComposeModel compose,
        string name,
        JsonObject service,
        FileKind kind,
        bool engineIsLocal,
        bool isReleased
    )
    {
        var key = kind == FileKind.Config ? "configs" : "secrets";
        foreach (var use in (service[key] as JsonArray ?? []).OfType<JsonObject>())
        {
            var source = use["source"].AsText() ?? "";
            if (
                compose.Resolved[key].At(source) is not JsonObject declared
                || declared["external"]?.ToString() == "true"
            )
                continue;
            var (path, text, variable) = (
                declared["file"].AsText(),
                declared["content"].AsText(),
                declared["environment"].AsText()
            );
            // Compose itself puts a text into a container; what is absolute is another host's own.
            if (path is null ? !isReleased : !engineIsLocal && !compose.RelativeFiles.Contains($"{key}.{source}"))
                continue;
            if (path is null && text is null && variable is null)
                continue;
            var (mode, uid) = (Number(use["mode"], 8), Number(use["uid"], 10));
            var isAlone = kind == FileKind.Secret && mode is null && !engineIsLocal && isReleased;
            yield return new ReleaseFile(name, ReleaseFile.TargetOf(kind, use), kind, source)
            {
                Path = path,
                // A compose model doubles a dollar sign that is meant as such.
                Text = path is null && variable is null ? text?.Replace("$$", "$", StringComparison.Ordinal) : null,
                Variable = path is null ? variable : null,
                Mode = isAlone ? OwnerAlone : mode,
                Uid = uid,
                Gid = Number(use["gid"], 10),
                IsForUserAlone = isAlone && uid is null,
                Travels = true,
            };
        }
    }

    /// <summary>Older versions of compose write a mode as a number, later ones as a text of octal digits.</summary>
    private static int? Number(JsonNode? node, int textBase)
    {
        if (node.AsNumber() is { } number)
            return number;
        var text = node.AsText() ?? "";
        if (textBase == 10)
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ten) ? ten : null;
        return text.Length is > 0 and < 8 && text.All(digit => digit is >= '0' and <= '7')
            ? Convert.ToInt32(text, 8)
            : null;
    }
}
