using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: which networks services are on, in the file and in a slot.</summary>
public static class SlotNetworks
{
    /// <summary>
    /// What the file's networks of release services say to their driver, such as the MTU: it holds in a slot too. Where
    /// they differ, the first has it.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> OptionsOf(Application app) =>
        from option in OwnOf(app.Document, app.Services.Select(service => service.Name))
            .SelectMany(network => network.Value.At("driver_opts") as JsonObject ?? [])
            .GroupBy(option => option.Key, (key, values) => (Key: key, Value: values.First().Value?.ToString() ?? ""))
        // A bridge's name can be given once.
        where option.Key != "com.docker.network.bridge.name"
        select KeyValuePair.Create(option.Key, option.Value);

    /// <summary>The application's own networks that services are on.</summary>
    internal static IEnumerable<KeyValuePair<string, JsonNode?>> OwnOf(
        JsonObject document,
        IEnumerable<string> services
    )
    {
        var joined = services
            .SelectMany(service =>
                (document["services"].At(service).At("networks") as JsonObject ?? []).Select(network => network.Key)
            )
            .ToHashSet();
        return (document["networks"] as JsonObject ?? []).Where(network =>
            joined.Contains(network.Key) && !IsExternal(network.Value)
        );
    }

    /// <summary>The keys of the networks outside of the application that a service is on.</summary>
    public static IEnumerable<string> ExternalOf(JsonObject document, string service) =>
        (document["services"].At(service).At("networks") as JsonObject ?? [])
            .Select(network => network.Key)
            .Where(key => IsExternal(document["networks"].At(key)));

    /// <summary>Networks that exist outside of the application, such as one that several applications share.</summary>
    internal static IEnumerable<KeyValuePair<string, JsonNode?>> External(Application app) =>
        (app.Document["networks"] as JsonObject ?? [])
            .Where(network => IsExternal(network.Value))
            .Select(network =>
                KeyValuePair.Create(
                    ExternalKey(network.Key),
                    (JsonNode?)External(network.Value.At("name").AsText() ?? network.Key)
                )
            );

    /// <summary>What only one container on a network can have.</summary>
    internal static readonly string[] AddressKeys = ["ipv4_address", "ipv6_address", "mac_address"];

    /// <summary>Puts a service on its slot's network, and on those that exist outside of the application.</summary>
    internal static void Join(Application app, JsonObject model, string service, IEnumerable<string> wishes, Slot slot)
    {
        var joined = model["networks"] as JsonObject ?? [];
        var aliases = ServiceNames
            .Aliases(model)
            .Concat(ServiceNames.LinkedAs(app.Document, service))
            .Concat(wishes)
            .Append(Naming.EdgeAlias(service, slot))
            .Distinct();
        var networks = new JsonObject
        {
            ["slot"] = new JsonObject { ["aliases"] = new JsonArray([.. aliases.Select(alias => (JsonNode)alias)]) },
        };
        var outside = ExternalOf(app.Document, service).ToList();
        if (app.Doors.Any(door => door.Service == service))
        {
            // Its names out there are its door's: the container is put there without them once it is made.
            if (outside.Count > 0)
                LookInsideFirst(app, model, slot);
            outside.Clear();
        }
        foreach (var key in outside)
        {
            networks[ExternalKey(key)] = joined[key]?.DeepClone();
            // Two containers cannot have one address.
            foreach (var single in AddressKeys)
                (networks[ExternalKey(key)] as JsonObject)?.Remove(single);
        }
        model["networks"] = networks;
        model.Remove("network_mode");
    }

    /// <summary>
    /// A container looks a name up on its networks in their alphabetical order, in which a slot's comes last; its own
    /// links come before all of them.
    /// </summary>
    private static void LookInsideFirst(Application app, JsonObject model, Slot slot)
    {
        var links =
            from door in app.Doors
            from name in ServiceNames.NamesOf(app.Document, door.Service)
            select (JsonNode)$"{Naming.EdgeAlias(door.Service, slot)}:{name}";
        model["external_links"] = new JsonArray([
            .. (model["external_links"] as JsonArray ?? []).Select(link => link?.DeepClone()),
            .. links,
        ]);
    }

    internal static JsonObject External(string name) => new() { ["name"] = name, ["external"] = true };

    private static bool IsExternal(JsonNode? network) =>
        network.At("external") is JsonValue external && external.ToString() == "true";

    /// <summary>Never the slot network's own key.</summary>
    private static string ExternalKey(string network) => "external-" + network;
}
