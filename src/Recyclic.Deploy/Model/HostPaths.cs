using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>A path that a service mounts of the engine's host.</summary>
/// <param name="IsCreated">Whether the engine creates a folder there if it is missing, and that can be what is
/// meant.</param>
internal sealed record HostPath(string Service, string Path, bool IsCreated);

/// <summary>
/// Pure: what an application mounts of the host of an engine on another machine, itself or by a config or secret.
/// </summary>
internal static class HostPaths
{
    public static ImmutableArray<HostPath> Of(Application app) =>
        [
            .. from entry in app.Document["services"] as JsonObject ?? []
            from path in Mounts(app, entry.Key, entry.Value)
                .Concat(Declared(app, entry.Key, entry.Value, FileKind.Config))
                .Concat(Declared(app, entry.Key, entry.Value, FileKind.Secret))
            where path.Path.StartsWith('/')
            select path,
        ];

    private static IEnumerable<HostPath> Mounts(Application app, string service, JsonNode? model) =>
        from mount in (model.At("volumes") as JsonArray ?? []).OfType<JsonObject>()
        where mount["type"].AsText() == "bind" && !Travels(app, service, mount)
        let source = mount["source"].AsText() ?? ""
        select new HostPath(service, source, FileNames.IsMadeByTheEngine(mount));

    private static IEnumerable<HostPath> Declared(Application app, string service, JsonNode? model, FileKind kind)
    {
        var list = kind == FileKind.Config ? "configs" : "secrets";
        return from use in (model.At(list) as JsonArray ?? []).OfType<JsonObject>()
            where
                !Travels(app, service, use)
                && app.Document[list].At(use["source"].AsText() ?? "").At("file").AsText() is { Length: > 0 }
            select new HostPath(service, app.Document[list].At(use["source"].AsText()!).At("file").AsText()!, false);
    }

    private static bool Travels(Application app, string service, JsonObject entry) =>
        app
            .Files.Travelling.Concat(app.AccessoryFiles.Travelling)
            .Any(file => file.Service == service && file.IsEntry(entry));
}
