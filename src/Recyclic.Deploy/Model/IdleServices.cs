using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: services that a file has none of, `scale: 0` or `replicas: ${WORKERS:-0}`, as people switch one off.
/// </summary>
internal static class IdleServices
{
    /// <summary>The model without them, and without what others say of them, and a note.</summary>
    public static (JsonObject Document, ImmutableArray<string> Notes) LeaveOut(JsonObject document)
    {
        ImmutableArray<string> idle =
        [
            .. (document["services"] as JsonObject ?? [])
                .Where(service =>
                    (service.Value.At("deploy").At("replicas") ?? service.Value.At("scale")).AsNumber() == 0
                )
                .Select(service => service.Key),
        ];
        if (idle.IsEmpty)
            return (document, []);
        var rest = (JsonObject)document.DeepClone();
        var services = (JsonObject)rest["services"]!;
        foreach (var name in idle)
            services.Remove(name);
        foreach (var service in services.Select(service => service.Value).OfType<JsonObject>())
        {
            foreach (var name in idle)
                (service["depends_on"] as JsonObject)?.Remove(name);
            if (service["links"] is JsonArray links)
                service["links"] = new JsonArray([
                    .. links
                        .Where(link => !idle.Contains(link.AsText()?.Split(':')[0] ?? ""))
                        .Select(link => link?.DeepClone()),
                ]);
        }
        return (
            rest,
            [
                $"{string.Join(", ", idle)}: the file has 0 replicas of {(idle.Length == 1 ? "it" : "them")}, so {(idle.Length == 1 ? "it is" : "they are")} not started",
            ]
        );
    }
}
