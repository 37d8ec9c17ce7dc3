using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

public enum RouteMode
{
    Http,
    Tcp,
}

/// <summary>A published port that the edge takes over from a release service.</summary>
/// <param name="Service">The service that answers.</param>
/// <param name="Target">The port inside its containers.</param>
/// <param name="Published">The port on the host.</param>
/// <param name="HostAddress">The host address it is published on; null: all.</param>
/// <param name="Host">Only requests for this host name; null: any.</param>
/// <param name="Path">Only requests for this path or below it; null: any.</param>
public sealed record Route(string Service, int Target, int Published, string? HostAddress, RouteMode Mode, string? Host, string? Path, int Replicas)
{
    /// <summary>Routes as a container's label: the edge is configured from what each slot really runs, not from the newest file alone.</summary>
    public static string ToLabel(IEnumerable<Route> routes) => JsonSerializer.Serialize(routes.ToArray(), RouteJson.Default.RouteArray);

    public static ImmutableArray<Route> FromLabel(string? label)
    {
        try
        {
            return string.IsNullOrEmpty(label) ? [] : [.. JsonSerializer.Deserialize(label, RouteJson.Default.RouteArray) ?? []];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Route[]))]
internal sealed partial class RouteJson : JsonSerializerContext;

/// <summary>A service whose image uses the tag variable: it exists once per slot.</summary>
/// <param name="Exclusive">True: it must not run twice, so it is handed over at cutover.</param>
/// <param name="Settle">Without a health check: how long it must stay up to count as healthy.</param>
/// <param name="Restart">Its restart policy while its slot serves.</param>
public sealed record ReleaseService(
    string Name, string Image, int Replicas, bool Exclusive, TimeSpan? Settle, string Restart, bool HasHealthCheck);

/// <summary>A service that all releases share, such as a database.</summary>
public sealed record Accessory(string Name, string Image, bool HasHealthCheck);

/// <summary>A compose application as a deploy sees it. <see cref="Document"/> is compose's own resolved model.</summary>
public sealed record Application(
    string Name,
    ImmutableArray<ReleaseService> Services,
    ImmutableArray<Accessory> Accessories,
    ImmutableArray<Route> Routes,
    JsonObject Document,
    ImmutableArray<string> Warnings)
{
    public IEnumerable<ReleaseService> Overlapping => Services.Where(service => !service.Exclusive);

    public IEnumerable<ReleaseService> Exclusives => Services.Where(service => service.Exclusive);
}
