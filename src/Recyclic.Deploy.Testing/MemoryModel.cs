using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Testing;

/// <summary>Pure: compose models in JSON, in which `${TAG}` is the only variable.</summary>
internal static class MemoryModel
{
    private static readonly ConcurrentDictionary<string, Application> Applications = [];

    public static Application Application(string json) =>
        Applications.GetOrAdd(json, _ => ComposeReader.Read(Of(json, "1.4.2"), engineIsLocal: true));

    public static ComposeModel Of(string json, string? tag) => Of((JsonObject)JsonNode.Parse(json)!, tag);

    /// <summary>The same under another name, with the release's images of a registry.</summary>
    public static ComposeModel Of(string json, string? tag, string? project, string? registry)
    {
        var written = (JsonObject)JsonNode.Parse(json)!;
        if (project is not null)
            written["name"] = project;
        if (registry is not null)
            foreach (var (_, service) in written["services"] as JsonObject ?? [])
                if (service.At("image").AsText() is { } image && image.Contains("${TAG}", StringComparison.Ordinal))
                    service!["image"] = $"{registry}/{image}";
        return Of(written, tag);
    }

    /// <summary>What reading gives of a model as written.</summary>
    public static ComposeModel Of(JsonObject written, string? tag)
    {
        var services = written["services"] as JsonObject ?? [];
        var extensions = new JsonObject(
            services
                .Where(service => service.Value is JsonObject model && model.ContainsKey("x-recyclic"))
                .Select(service => KeyValuePair.Create(service.Key, service.Value!["x-recyclic"]?.DeepClone()))
        );
        return new(
            (JsonObject)JsonNode.Parse(written.ToJsonString().Replace("${TAG}", tag, StringComparison.Ordinal))!,
            "docker-compose.yml"
        )
        {
            TagUsers =
            [
                .. services
                    .Where(service =>
                        service.Value.At("image").AsText()?.Contains("${TAG}", StringComparison.Ordinal) == true
                    )
                    .Select(service => service.Key),
            ],
            Extensions = extensions,
            TlsTexts = MemoryCertificates.Of(extensions),
            RelativeMounts = (
                from service in services
                from mount in (service.Value.At("volumes") as JsonArray ?? []).OfType<JsonObject>()
                where mount["source"].AsText()?.StartsWith('.') == true
                select (service.Key, Target: mount["target"].AsText() ?? "")
            ).ToLookup(mount => mount.Key, mount => mount.Target),
        };
    }
}
