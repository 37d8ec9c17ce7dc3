using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A port of a release service that the edge answers in its place: one that is published, or one that others call by
/// the service's name (see <see cref="Door"/>).
/// </summary>
/// <param name="Service">The service that answers.</param>
/// <param name="Target">The port inside its containers.</param>
/// <param name="Published">The port on the host; 0: none, it is asked through the service's door alone.</param>
/// <param name="HostAddress">The host address it is published on; null: all.</param>
/// <param name="Mode">How connections to the port are handled; `Auto`: each by what it begins with.</param>
/// <param name="Host">Only requests for this host name; null: any.</param>
/// <param name="Path">Only requests for this path or below it; null: any.</param>
/// <param name="Replicas">How many containers answer, 1 to 50.</param>
public sealed partial record Route(
    string Service,
    int Target,
    int Published,
    string? HostAddress,
    RouteMode Mode,
    string? Host,
    string? Path,
    int Replicas
)
{
    /// <summary>
    /// Whether the containers that answer are found by <see cref="Naming.EdgeAlias"/>; false: by the name that version
    /// 0.1.0 gave them.
    /// </summary>
    public bool Private { get; init; }

    /// <summary>
    /// Whether each connection to the service begins with the address of its client, by the PROXY protocol, version 2;
    /// default: false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ProxyProtocol { get; init; }

    /// <summary>
    /// The paths that the release before is asked for, as long as it runs, where this one says 404, with spaces between
    /// them: `/assets/* /app.js`; null: none.
    /// </summary>
    public string? OldAssets { get; init; }

    /// <summary>
    /// Whose X-Forwarded-Proto, -Host and -Port are kept, besides callers inside: addresses and ranges with a space
    /// between them; null: nobody's.
    /// </summary>
    public string? TrustedProxies { get; init; }

    /// <summary>How long the service may say nothing while somebody waits for its answer; null: 10 min.</summary>
    public TimeSpan? ResponseTimeout { get; init; }

    /// <summary>
    /// How long a WebSocket, or a connection that is no HTTP, may be silent in both directions; null: 24 h.
    /// </summary>
    public TimeSpan? TunnelTimeout { get; init; }

    /// <summary>
    /// The certificates by which TLS ends here, by their names in the edge with spaces between them; null: it does not end
    /// here.
    /// </summary>
    public string? Certificates { get; init; }

    /// <summary>For how many seconds browsers are told to come by https alone; null: they are not told.</summary>
    public int? Hsts { get; init; }

    /// <summary>The published port that requests are sent on to, by https; null: they are answered.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>Whether the service is spoken to by HTTP/2 without TLS, as gRPC is; default: by HTTP/1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Http2 { get; init; }

    /// <summary>The socket that connections are handed on to, see <see cref="TlsRules.Split"/>; null: containers answer.</summary>
    [JsonIgnore]
    internal string? PassedTo { get; init; }

    /// <summary>Whether it is asked through the service's door alone.</summary>
    [JsonIgnore]
    public bool IsInside => Published == 0;

    /// <summary>Whether both are asked for the same port of the same service through its door.</summary>
    internal bool IsSamePort(Route other) =>
        IsInside && other.IsInside && Service == other.Service && Target == other.Target;

    /// <summary>
    /// The same port, asked through the service's door. There what is HTTP is told by how it begins: a program may as
    /// well speak HTTP/2 without TLS to a service, such as gRPC, which goes through as it is.
    /// </summary>
    internal Route Inside() =>
        this with
        {
            Mode = Mode == RouteMode.Http ? RouteMode.Auto : Mode,
            Published = 0,
            HostAddress = null,
            Host = null,
            Path = null,
            TrustedProxies = null,
            Certificates = null,
            Hsts = null,
            HttpsPort = null,
        };

    /// <summary>The name by which the edge finds the containers that answer.</summary>
    public string Alias(Slot slot) => Private ? Naming.EdgeAlias(Service, slot) : Naming.EdgeAliasIn010(Service, slot);

    /// <summary>
    /// Routes as a container's label: the edge is configured from what each slot really runs, not from the newest file
    /// alone.
    /// </summary>
    public static string ToLabel(IEnumerable<Route> routes) =>
        JsonSerializer.Serialize(routes.ToArray(), RouteJson.Default.RouteArray);

    /// <summary>
    /// What <see cref="ToLabel"/> wrote; empty where there is no label or it cannot be read. A route that could not be
    /// one is left out.
    /// </summary>
    public static ImmutableArray<Route> FromLabel(string? label)
    {
        try
        {
            return string.IsNullOrEmpty(label)
                ? []
                : [.. (JsonSerializer.Deserialize(label, RouteJson.Default.RouteArray) ?? []).Where(IsValid)];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>Whether a text can be a service's name: compose's own rule, and no more than a DNS label has.</summary>
    public static bool IsServiceName(string name) => Name().IsMatch(name);

    /// <summary>Whether a text is a host name to tell requests by, without scheme and port.</summary>
    public static bool IsHostName(string host) => HostName().IsMatch(host);

    /// <summary>Whether a text is a path to tell requests by: `/a`, `/a/b`.</summary>
    public static bool IsPath(string path) => UrlPath().IsMatch(path);

    /// <summary>Whether a text is an IPv4 address.</summary>
    public static bool IsHostAddress(string address) =>
        Address().IsMatch(address)
        && address.Split('.').All(part => int.Parse(part, CultureInfo.InvariantCulture) <= 255);

    /// <summary>
    /// A label can be written by anybody who may start containers; what it says goes into the edge's configuration.
    /// </summary>
    private static bool IsValid(Route? route) =>
        route
            is { Service: { } service, Target: > 0 and <= 65535, Published: >= 0 and <= 65535, Replicas: > 0 and <= 50 }
        && IsServiceName(service)
        && Enum.IsDefined(route.Mode)
        && (route.HostAddress is null || IsHostAddress(route.HostAddress))
        && (route.Host is null || IsHostName(route.Host))
        && (route.Path is null || IsPath(route.Path))
        && (route.OldAssets is null || Model.OldAssets.IsValid(route.OldAssets))
        && (route.TrustedProxies is null || route.TrustedProxies.Split(' ').All(Model.TrustedProxies.IsRange))
        && (route.Certificates is null || route.Certificates.Split(' ').All(CertificateState.IsName))
        && route.Hsts is null or >= 0
        && route.HttpsPort is null or (> 0 and <= 65535)
        && (route.ResponseTimeout is not { } response || Timeouts.IsInRange(response))
        && (route.TunnelTimeout is not { } tunnel || Timeouts.IsInRange(tunnel));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A(/[A-Za-z0-9._~-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPath();

    [GeneratedRegex(@"\A[0-9]{1,3}(\.[0-9]{1,3}){3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(Route[]))]
internal sealed partial class RouteJson : JsonSerializerContext;
