using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Reads what a host has of an application, and what others have there in its place.</summary>
internal sealed class HostReader(EngineApi api, AppRecords records, ImageLabels images)
{
    public async Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(app, cancellationToken);
        var naming = record?.Naming ?? new Naming(app);
        var networking = NetworksAsync(cancellationToken);
        var listed = await ListAsync("", cancellationToken);
        var found = await InspectAsync(listed.Where(entry => IsNear(naming, entry)), cancellationToken);
        var sorted = HostSorting.Of(naming, record?.Ownership, [.. found.Select(each => each.Found)]);
        var edge = sorted.Ours.FirstOrDefault(container => container.Label(Naming.RoleLabel) == Naming.EdgeRole);
        var ours = sorted.Ours.Concat(sorted.Accessories).Select(container => container.Id).ToHashSet();
        var networks = await networking;
        var foreign = networks.Where(network => naming.Networks.Contains(network.Name) && record?.Ownership.Owns(network.Labels) != true).ToList();
        return Snapshot.Empty(app) with
        {
            Names = naming,
            Edge = edge is null ? EdgeState.None : EngineJson.Edge(found.First(each => each.Found.Container.Id == edge.Id).Inspected) with { Id = edge.Id },
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = sorted.Accessories,
            Networks = [.. networks.Except(foreign).Select(network => network.Name)],
            InTheWay = [.. sorted.InTheWay, .. foreign.Select(network => FoundContainer.Stranger("network", network.Name, network.Id, network.Labels, ImmutableDictionary<string, string>.Empty, "", network.Created))],
            Pretenders = sorted.Pretenders,
            Others = listed.Where(entry => !ours.Contains(EngineJson.Text(entry["Id"]))).Select(Other).DistinctBy(other => other.Name).ToImmutableDictionary(other => other.Name),
            FreeSubnets = naming.Networks.Any(network => networks.All(other => other.Name != network)) ? await FreeSubnetsAsync(networks, cancellationToken) : null,
        };

        ImmutableArray<Container> Of(Slot slot) =>
            [.. sorted.Ours.Where(container => container.Label(Naming.SlotLabel) == slot.Name() && container.Label(Naming.RoleLabel) == Naming.ReleaseRole)];
    }

    /// <summary>The containers that Recyclic made for an application, of every role, as the engine lists them.</summary>
    public async Task<JsonArray> ListOwnAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record) return [];
        var listed = await ListAsync("&filters=" + EngineApi.Filters(("label", [$"{Naming.AppLabel}={app}"])), cancellationToken);
        var own = await Task.WhenAll(listed.Select(async entry =>
            record.Ownership.OwnsContainer(EngineJson.Labels(entry["Labels"]), await images.OfAsync(EngineJson.Text(entry["ImageID"]), cancellationToken)) ? entry : null));
        return [.. own.OfType<JsonObject>().Select(entry => entry.DeepClone())];
    }

    /// <summary>The same, inspected.</summary>
    public async Task<IReadOnlyList<JsonNode>> OwnAsync(string app, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll((await ListOwnAsync(app, cancellationToken)).Select(entry => api.GetAsync($"/containers/{EngineJson.Text(entry!["Id"])}/json", cancellationToken)))).OfType<JsonNode>()];

    /// <summary>A container by its name, and whether Recyclic made it for the application; null: there is none.</summary>
    public async Task<(JsonNode Inspected, bool IsOwn, Stranger Otherwise)?> FindAsync(string app, string name, CancellationToken cancellationToken)
    {
        if (await api.GetAsync($"/containers/{name}/json", cancellationToken) is not { } inspected) return null;
        var record = await records.FindAsync(app, cancellationToken);
        var found = await FoundAsync(inspected, cancellationToken);
        return (inspected, record?.Ownership.OwnsContainer(found.Container.Labels, found.ImageLabels) == true, found.AsStranger());
    }

    /// <summary>The edge's container, or null.</summary>
    public async Task<Container?> FindEdgeAsync(string app, CancellationToken cancellationToken) =>
        (await ListOwnAsync(app, cancellationToken)).FirstOrDefault(entry => EngineJson.Labels(entry!["Labels"]).GetValueOrDefault(Naming.RoleLabel) == Naming.EdgeRole) is { } entry
            && await api.GetAsync($"/containers/{EngineJson.Text(entry["Id"])}/json", cancellationToken) is { } edge ? EngineJson.Container(edge) : null;

    public async Task<IReadOnlyList<FoundNetwork>> NetworksAsync(CancellationToken cancellationToken) =>
        [.. (await api.GetAsync("/networks", cancellationToken) as JsonArray ?? []).OfType<JsonObject>().Select(network => new FoundNetwork(
            EngineJson.Text(network["Id"]), EngineJson.Text(network["Name"]), EngineJson.Labels(network["Labels"]), Time(network["Created"]),
            [.. (network["IPAM"]?["Config"] as JsonArray ?? []).Select(range => EngineJson.Text(range?["Subnet"]))]))];

    /// <summary>What a volume is, for a person.</summary>
    public static Stranger VolumeOf(JsonNode volume) => FoundContainer.Stranger(
        "volume", EngineJson.Text(volume["Name"]), "", EngineJson.Labels(volume["Labels"]), ImmutableDictionary<string, string>.Empty, "", Time(volume["CreatedAt"]));

    private async Task<List<JsonObject>> ListAsync(string filters, CancellationToken cancellationToken) =>
        [.. (await api.GetAsync("/containers/json?all=1" + filters, cancellationToken) as JsonArray ?? []).OfType<JsonObject>()];

    private async Task<IReadOnlyList<(JsonNode Inspected, FoundContainer Found)>> InspectAsync(IEnumerable<JsonObject> listed, CancellationToken cancellationToken)
    {
        var inspected = await Task.WhenAll(listed.Select(entry => api.GetAsync($"/containers/{EngineJson.Text(entry["Id"])}/json", cancellationToken)));
        return await Task.WhenAll(inspected.OfType<JsonNode>().Select(async node => (node, await FoundAsync(node, cancellationToken))));
    }

    private async Task<FoundContainer> FoundAsync(JsonNode inspected, CancellationToken cancellationToken) => new(
        EngineJson.Container(inspected), await images.OfAsync(EngineJson.Text(inspected["Image"]), cancellationToken), EngineJson.Text(inspected["Config"]?["Image"]), Time(inspected["Created"]));

    private async Task<int?> FreeSubnetsAsync(IReadOnlyList<FoundNetwork> networks, CancellationToken cancellationToken)
    {
        var pools = ((await api.GetAsync("/info", cancellationToken))?["DefaultAddressPools"] as JsonArray ?? [])
            .Select(pool => (EngineJson.Text(pool?["Base"]), int.TryParse(EngineJson.Text(pool?["Size"]), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)).ToList();
        return AddressPools.Free(pools, networks.SelectMany(network => network.Subnets));
    }

    private static bool IsNear(Naming naming, JsonObject entry)
    {
        var labels = EngineJson.Labels(entry["Labels"]);
        return labels.GetValueOrDefault(Naming.AppLabel) == naming.App || NameOf(entry) == naming.EdgeContainer
            || labels.GetValueOrDefault("com.docker.compose.project") is { } project && (project == naming.App || project == naming.SlotProject(Slot.Blue) || project == naming.SlotProject(Slot.Green));
    }

    private static Stranger Other(JsonObject entry) => FoundContainer.Stranger("container", NameOf(entry), EngineJson.Text(entry["Id"]), EngineJson.Labels(entry["Labels"]),
        ImmutableDictionary<string, string>.Empty, EngineJson.Text(entry["Image"]),
        entry["Created"] is JsonValue value && value.TryGetValue<long>(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);

    /// <summary>A container linked to by others has further names, with a second slash.</summary>
    private static string NameOf(JsonObject entry) =>
        (entry["Names"] as JsonArray ?? []).Select(EngineJson.Text).Select(name => name.TrimStart('/')).FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal)) ?? "";

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(EngineJson.Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}

/// <param name="Subnets">`address/length` each.</param>
internal sealed record FoundNetwork(string Id, string Name, ImmutableDictionary<string, string> Labels, DateTimeOffset? Created, ImmutableArray<string> Subnets);
