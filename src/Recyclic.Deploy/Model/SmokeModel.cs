using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: a service more in the model of a slot, which runs one command in the image of another one. It has what that has
/// of variables, files, volumes, networks and limits, and nothing by which it could be found or taken for it.
/// </summary>
internal static class SmokeModel
{
    private static readonly string[] LeftOut =
    [
        "container_name",
        "depends_on",
        "deploy",
        "domainname",
        "expose",
        "healthcheck",
        "hostname",
        "links",
        "mac_address",
        "ports",
        "scale",
    ];

    private static readonly string[] KeptLabels =
    [
        Naming.AppLabel,
        Naming.RoleLabel,
        Naming.OwnerLabel,
        Naming.SlotLabel,
        Naming.ReleaseLabel,
        Naming.TagLabel,
    ];

    /// <param name="model">That of the slot; changed.</param>
    /// <param name="service">Whose image it is.</param>
    /// <param name="command">Program and arguments.</param>
    public static void Add(JsonObject model, string service, IEnumerable<string> command)
    {
        var services = (JsonObject)model["services"]!;
        var test = (JsonObject)services[service]!.DeepClone();
        var limits = test["deploy"].At("resources")?.DeepClone();
        foreach (var key in LeftOut)
            test.Remove(key);
        if (limits is not null)
            test["deploy"] = new JsonObject { ["resources"] = limits };
        // Whole: what the image would begin with is not asked. A dollar sign as compose wants it.
        test["entrypoint"] = new JsonArray([
            .. command.Select(word => (JsonNode)word.Replace("$", "$$", StringComparison.Ordinal)),
        ]);
        test["command"] = new JsonArray();
        test["restart"] = "no";
        test["healthcheck"] = new JsonObject { ["disable"] = true };
        if (test["networks"] is JsonObject networks)
            foreach (var network in networks.Select(network => network.Value).OfType<JsonObject>())
            foreach (var key in new[] { "aliases", "ipv4_address", "ipv6_address", "mac_address" })
                network.Remove(key);
        var labels = new JsonObject();
        foreach (var key in KeptLabels)
            if (test["labels"].At(key) is { } label)
                labels[key] = label.DeepClone();
        labels[Naming.OneOffLabel] = "true";
        labels[Naming.RestartLabel] = "no";
        // What it makes for itself goes with it.
        labels[DataVolume.RenewLabel] = "true";
        test["labels"] = labels;
        services[Naming.SmokeService] = test;
    }
}
