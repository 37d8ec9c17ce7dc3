using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: by which names a service is found, in the file and in a slot.</summary>
public static class ServiceNames
{
    /// <summary>Names that can be given once, while two releases run side by side.</summary>
    internal static readonly string[] WishKeys = ["container_name", "hostname"];

    /// <summary>
    /// Names that a service asks for, and that only one container could have, as far as others find it by them. A host
    /// name with a domain is none of those.
    /// </summary>
    public static IEnumerable<string> WishesOf(JsonNode? service) =>
        WishKeys
            .Select(key => (Key: key, Wish: service.At(key).AsText() ?? ""))
            .Where(entry =>
                entry.Wish.Length > 0
                && (entry.Key == "container_name" || !entry.Wish.Contains('.', StringComparison.Ordinal))
            )
            .Select(entry => entry.Wish)
            .Distinct();

    /// <summary>
    /// What such a name is in a slot: `web-blue`, `mail-blue.example.org`. What is between dots has at most 63
    /// characters.
    /// </summary>
    public static string InSlot(string name, Slot slot)
    {
        var first = name.Split('.')[0];
        return $"{first[..Math.Min(first.Length, 63 - slot.Name().Length - 1)]}-{slot.Name()}{name[first.Length..]}";
    }

    /// <summary>The name of a service's container in a slot.</summary>
    public static string ContainerName(Application app, string service, Slot slot, Naming naming, int number) =>
        app.Document["services"].At(service).At("container_name").AsText() is { Length: > 0 } wish
            ? InSlot(wish, slot)
            : string.Create(CultureInfo.InvariantCulture, $"{naming.SlotProject(slot)}-{service}-{number}");

    /// <summary>The names by which other services reach one: its own, and its aliases on any network.</summary>
    public static IEnumerable<string> NamesOf(JsonObject document, string service) =>
        NamesOf(document["services"].At(service), service).Concat(LinkedAs(document, service)).Distinct();

    /// <summary>
    /// The other names that links of other services give to one: `database` by `links: ["db:database"]`. In a slot
    /// everybody finds it by them.
    /// </summary>
    internal static IEnumerable<string> LinkedAs(JsonObject document, string service) =>
        from other in document["services"] as JsonObject ?? []
        from link in other.Value.At("links") as JsonArray ?? []
        let parts = link.AsText()?.Split(':')
        where
            parts is [var target, var alias] && target == service && alias != service && !Naming.IsReservedAlias(alias)
        select parts[1];

    /// <param name="service">The service itself, as compose describes it.</param>
    internal static IEnumerable<string> NamesOf(JsonNode? service, string name) =>
        Aliases(service).Prepend(name).Distinct();

    internal static IEnumerable<string> Aliases(JsonNode? service) =>
        (service.At("networks") as JsonObject ?? [])
            .SelectMany(network => network.Value.At("aliases") as JsonArray ?? [])
            .Select(alias => alias.AsText())
            .OfType<string>();
}
