using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Pure: what the engine says, in the model's words.</summary>
public static class EngineJson
{
    /// <exception cref="EngineException">It is no inspection of a container.</exception>
    public static Container Container(JsonNode inspected) => Reading(() => ReadContainer(inspected));

    /// <exception cref="EngineException">It is no inspection of a container.</exception>
    public static EdgeState Edge(JsonNode inspected) => Reading(() => ReadEdge(inspected));

    /// <exception cref="EngineException">It is no inspection of a container.</exception>
    public static Probe? Probe(JsonNode inspected) => Reading(() => ReadProbe(inspected));

    /// <summary>A line of the engine's event stream, or null when it is of no concern here.</summary>
    /// <exception cref="EngineException">It is no event.</exception>
    public static ContainerEvent? Event(JsonNode line) => Reading(() => ReadEvent(line));

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new EngineException($"an answer of the engine is not understood: {exception.Message}");
        }
    }

    private static Container ReadContainer(JsonNode inspected)
    {
        var state = inspected["State"];
        var labels = Labels(inspected["Config"]?["Labels"]);
        var networks = inspected["NetworkSettings"]?["Networks"] as JsonObject ?? [];
        return new Container(
            Text(inspected["Id"]),
            Text(inspected["Name"]).TrimStart('/'),
            labels.GetValueOrDefault("com.docker.compose.service", ""),
            Text(state?["Status"]),
            Text(state?["Health"]?["Status"]) is { Length: > 0 } health ? health : "none",
            state?["ExitCode"]?.GetValue<int>() ?? 0,
            Text(inspected["Image"]),
            Time(state?["StartedAt"]),
            labels,
            [.. networks.Select(network => network.Key)])
        {
            Restart = Text(inspected["HostConfig"]?["RestartPolicy"]?["Name"]) is { Length: > 0 } policy ? policy : "no",
            Addresses = networks.Select(network => KeyValuePair.Create(network.Key, Text(network.Value?["IPAddress"]))).Where(network => network.Value.Length > 0).ToImmutableDictionary(),
            Mounts = Mounts(inspected["Mounts"]),
        };
    }

    private static ImmutableArray<Mount> Mounts(JsonNode? node) =>
    [
        .. from mount in (node as JsonArray ?? []).OfType<JsonObject>()
           let type = Text(mount["Type"])
           where type is "volume" or "bind"
           select new Mount(type, Text(mount[type == "volume" ? "Name" : "Source"]), Mount.Clean(Text(mount["Destination"])), Text(mount["RW"]) != "false"),
    ];

    /// <exception cref="EngineException">It is no inspection of a volume.</exception>
    public static VolumeFacts Volume(JsonNode inspected) => Reading(() => new VolumeFacts(Text(inspected["Name"]), Labels(inspected["Labels"])));

    /// <summary>What an image declares by VOLUME.</summary>
    /// <exception cref="EngineException">It is no inspection of an image.</exception>
    public static ImmutableArray<string> ImageVolumes(JsonNode inspected) =>
        Reading<ImmutableArray<string>>(() => [.. (inspected["Config"]?["Volumes"] as JsonObject ?? []).Select(volume => volume.Key).Order(StringComparer.Ordinal)]);

    private static EdgeState ReadEdge(JsonNode inspected) => new(
        true,
        inspected["State"]?["Running"]?.GetValue<bool>() ?? false,
        "",
        [
            .. (inspected["HostConfig"]?["PortBindings"] as JsonObject ?? [])
                .SelectMany(port => port.Value as JsonArray ?? [])
                .Select(binding => (Text(binding?["HostIp"]) is { Length: > 0 } address ? address + ":" : "") + Text(binding?["HostPort"]))
                .Distinct().Order(StringComparer.Ordinal),
        ],
        Text(inspected["Config"]?["Image"]),
        [.. (inspected["NetworkSettings"]?["Networks"] as JsonObject ?? []).Select(network => network.Key)]);

    private static Probe? ReadProbe(JsonNode inspected)
    {
        if (inspected["State"]?["Health"]?["Log"] is not JsonArray { Count: > 0 } log) return null;
        if (log[^1] is not { } last) return null;
        return new Probe((last["ExitCode"]?.GetValue<int>() ?? 1) == 0, Time(last["End"]), Text(last["Output"]));
    }

    private static ContainerEvent? ReadEvent(JsonNode line)
    {
        var actor = line["Actor"];
        var labels = Labels(actor?["Attributes"]);
        ContainerEventKind? kind = Text(line["Action"]) switch
        {
            "start" => ContainerEventKind.Started,
            "die" => ContainerEventKind.Died,
            "oom" => ContainerEventKind.OutOfMemory,
            "health_status: healthy" => ContainerEventKind.Healthy,
            "health_status: unhealthy" => ContainerEventKind.Unhealthy,
            "exec_die" => ContainerEventKind.Probed,
            _ => null,
        };
        if (kind is null) return null;
        var nanoseconds = line["timeNano"]?.GetValue<long>() ?? 0;
        return new ContainerEvent(
            Text(actor?["ID"]), labels.GetValueOrDefault("name", ""), labels.GetValueOrDefault("com.docker.compose.service", ""),
            Slots.Parse(labels.GetValueOrDefault(Naming.SlotLabel)), kind.Value,
            int.TryParse(labels.GetValueOrDefault("exitCode"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : 0,
            DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100));
    }

    public static ImmutableDictionary<string, string> Labels(JsonNode? node) =>
        (node as JsonObject ?? []).ToImmutableDictionary(label => label.Key, label => Text(label.Value));

    public static string Text(JsonNode? node) => node is JsonValue value ? value.ToString() : "";

    private static DateTimeOffset Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;
}
