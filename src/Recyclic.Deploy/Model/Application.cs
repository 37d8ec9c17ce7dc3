using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>Whether it is asked through the service's door alone.</summary>
    [JsonIgnore]
    public bool IsInside => Published == 0;

    /// <summary>Whether both are asked for the same port of the same service through its door.</summary>
    internal bool IsSamePort(Route other) =>
        IsInside && other.IsInside && Service == other.Service && Target == other.Target;

    /// <summary>The same port, asked through the service's door.</summary>
    internal Route Inside() => this with { Published = 0, HostAddress = null, Host = null, Path = null };

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
        && (route.Path is null || IsPath(route.Path));

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

/// <summary>A service that a release has a version of: it exists once per slot.</summary>
/// <param name="Name">The service's name in the file.</param>
/// <param name="Image">As the file has it, with the tag filled in.</param>
/// <param name="Replicas">Containers a slot, 1 to 50.</param>
/// <param name="Exclusive">True: it must not run twice, so it is stop-first: handed over at cutover, the old one stops
/// before the new one starts.</param>
/// <param name="Settle">Without a health check: how long it must stay up to count as healthy.</param>
/// <param name="Restart">Its restart policy while its slot serves.</param>
/// <param name="HasHealthCheck">By the file, or by its image once that is known.</param>
public sealed record ReleaseService(
    string Name,
    string Image,
    int Replicas,
    bool Exclusive,
    TimeSpan? Settle,
    string Restart,
    bool HasHealthCheck
)
{
    /// <summary>
    /// The paths at which it gets an anonymous volume: by the file, and by its image once that is known.
    /// </summary>
    public ImmutableArray<string> AnonymousPaths { get; init; } = [];

    /// <summary>
    /// Whether each release begins with fresh anonymous volumes (`renew-volumes`); default false: they belong to
    /// service and path.
    /// </summary>
    public bool RenewsVolumes { get; init; }

    /// <summary>
    /// How long it may take, where it does its work once for each release and ends; null: it stays up.
    /// </summary>
    public TimeSpan? OneOff { get; init; }

    /// <summary>
    /// What the file says of `overlap`; null: nothing, so it depends on what it writes: see <see cref="OneWriter"/>.
    /// </summary>
    public bool? MayOverlap { get; init; }

    /// <summary>
    /// An exclusive service's place in the hand-over: after those with a lower number, which it needs. Default: 0.
    /// </summary>
    public int HandOverOrder { get; init; }

    /// <summary>What is said of its health check: by the file, and by its image once that is known.</summary>
    public HealthCheck HealthCheck { get; init; } = new();

    /// <summary>
    /// The ports at which others may ask it by its name: by the file, and by its image once that is known.
    /// </summary>
    internal ImmutableArray<Route> Inside { get; init; } = [];

    /// <summary>How it is asked from outside whether it is ready; null: it is not asked.</summary>
    public OutsideProbe? Probe { get; init; }

    /// <summary>Whether the file says that staying up is enough (`settle`); default false.</summary>
    public bool IsSettleGiven { get; init; }

    /// <summary>
    /// The variable that its image is and that is not set, so that the image is taken to have the service's name; null:
    /// it is known.
    /// </summary>
    public string? AssumedBy { get; init; }

    /// <summary>
    /// Whether its image was looked at; default false: it may have a health check that is not known yet.
    /// </summary>
    public bool IsImageKnown { get; init; }

    /// <summary>
    /// How long a gate has to wait for it at least, by what its file and image say; null: they say nothing.
    /// </summary>
    public TimeSpan? Patience =>
        HasHealthCheck ? HealthCheck.Patience
        : Settle is { } settle ? HealthCheck.PatienceFor(settle)
        : null;

    /// <summary>What the file says of all its ports; null: nothing.</summary>
    internal RouteMode? SaidMode { get; init; }

    /// <summary>A port of its image, asked by the service's name.</summary>
    internal Route RouteInside(int target) =>
        new(Name, target, 0, null, SaidMode ?? PortMode.OfNumber(target), null, null, Replicas) { Private = true };

    /// <summary>The same with what its image says of its health.</summary>
    public ReleaseService With(HealthCheck? image)
    {
        var whole = HealthCheck.Over(image);
        var known = this with { HealthCheck = whole, IsImageKnown = true, HasHealthCheck = whole.Exists };
        return !whole.Exists
            ? known
            : known with
            {
                Settle = null,
                Probe = Probe?.Kind == ProbeKind.Health ? Probe : null,
            };
    }

    /// <summary>
    /// Whether the file says that it is a release service whatever its image looks like (`release: true`).
    /// </summary>
    public bool IsReleaseForSure { get; init; }
}

/// <summary>A service that all releases share, such as a database.</summary>
/// <param name="Name">The service's name in the file.</param>
/// <param name="Image">As the file has it.</param>
/// <param name="HasHealthCheck">By the file alone; what its image says is not read.</param>
public sealed record Accessory(string Name, string Image, bool HasHealthCheck)
{
    /// <summary>
    /// Whether it is joined to the slots' networks; false: `network_mode` has it elsewhere. Default: true.
    /// </summary>
    public bool IsJoined { get; init; } = true;

    /// <summary>How long a gate has to wait for it at least, by what the file says; null: it says nothing.</summary>
    public TimeSpan? Patience { get; init; }
}

/// <summary>
/// A compose application as a deploy sees it. <see cref="Document"/> is compose's own resolved model.
/// </summary>
/// <param name="Name">What the names of all its things on the host begin with.</param>
/// <param name="Services">What a release consists of, in the file's order.</param>
/// <param name="Accessories">What all releases share.</param>
/// <param name="Routes">The ports that the edge takes over: published ones, one for each host and path, and those that
/// are asked through doors.</param>
/// <param name="Document">Compose's resolved model, variables filled in.</param>
/// <param name="Warnings">What the file says and a deploy does otherwise, a sentence each.</param>
public sealed record Application(
    string Name,
    ImmutableArray<ReleaseService> Services,
    ImmutableArray<Accessory> Accessories,
    ImmutableArray<Route> Routes,
    JsonObject Document,
    ImmutableArray<string> Warnings
)
{
    /// <summary>Whether its engine knows `start_interval`; default: true.</summary>
    public bool ProbesFastWhileStarting { get; init; } = true;

    /// <summary>
    /// Whether the file itself is the release, its images as written: see <see cref="ReleaseChoice"/>.
    /// </summary>
    public bool IsFileRelease { get; init; }

    /// <summary>The files of this machine that belong to a release of it; default: none.</summary>
    internal ReleaseFiles Files { get; init; } = ReleaseFiles.None;

    /// <summary>
    /// The files of this machine that its accessories get where the engine is on another; default: none.
    /// </summary>
    internal ReleaseFiles AccessoryFiles { get; init; } = ReleaseFiles.None;

    /// <summary>What the variables are set to that configs and secrets are the value of; for compose alone.</summary>
    internal ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What stands for its services where others call them by name; default: nothing.</summary>
    public ImmutableArray<Door> Doors { get; init; } = [];

    /// <summary>Its published ports, and by what their modes are known.</summary>
    public ImmutableArray<PortMode> Ports { get; init; } = [];

    /// <summary>
    /// What a dry run says of its ports: `ports: 80 to web:8000 http (well known: 80 is HTTP)`; null: it publishes
    /// none.
    /// </summary>
    public string? DescribePorts() => Ports.IsEmpty ? null : $"ports: {string.Join("; ", Ports)}";

    /// <summary>
    /// What a dry run says of it: `released: web, api; accessories: db; one-off: migrate (once, before web);
    /// stop-first: web`.
    /// </summary>
    public string DescribeChoice() =>
        new ReleaseChoice(
            [.. Services.Except(OneOffs).Select(service => service.Name)],
            [.. Accessories.Select(accessory => accessory.Name)],
            IsFileRelease
        )
        + (OneOffs.Any() ? $"; one-off: {Model.OneOffs.Describe(this)}" : "")
        + (Exclusives.Any() ? $"; stop-first: {string.Join(", ", Exclusives.Select(service => service.Name))}" : "");

    /// <summary>Those of which two releases may run side by side.</summary>
    public IEnumerable<ReleaseService> Overlapping =>
        Services.Where(service => service is { Exclusive: false, OneOff: null });

    /// <summary>Those that do their work once for each release and end, such as a migration.</summary>
    public IEnumerable<ReleaseService> OneOffs => Services.Where(service => service.OneOff is not null);

    /// <summary>Those that must not run twice, and so are handed over.</summary>
    public IEnumerable<ReleaseService> Exclusives => Services.Where(service => service.Exclusive);

    /// <summary>The same with what the images of its release services declare by VOLUME, by service.</summary>
    public Application With(IReadOnlyDictionary<string, ImmutableArray<string>> imageVolumes) =>
        OneWriter.Decided(
            this with
            {
                Services =
                [
                    .. Services.Select(service =>
                        imageVolumes.TryGetValue(service.Name, out var volumes)
                            ? service with
                            {
                                AnonymousPaths = Mount.AnonymousOf(Document, service.Name, volumes),
                            }
                            : service
                    ),
                ],
            }
        );

    /// <summary>The same with the users that its services run as, by service: a secret is theirs alone.</summary>
    internal Application With(IReadOnlyDictionary<string, string> imageUsers) =>
        this with
        {
            Files = Files with
            {
                Users = Services.ToImmutableDictionary(
                    service => service.Name,
                    service =>
                        Document["services"].At(service.Name).At("user").AsText() is { Length: > 0 } user
                            ? user
                            : imageUsers.GetValueOrDefault(service.Name, "")
                ),
            },
        };

    /// <summary>The same with the TCP ports that the images of its release services EXPOSE, by service.</summary>
    internal Application With(IReadOnlyDictionary<string, ImmutableArray<int>> imagePorts) =>
        this with
        {
            Services =
            [
                .. Services.Select(service =>
                    imagePorts.TryGetValue(service.Name, out var ports)
                        ? service with
                        {
                            Inside =
                            [
                                .. service
                                    .Inside.Concat(ports.Select(service.RouteInside))
                                    .DistinctBy(route => route.Target),
                            ],
                        }
                        : service
                ),
            ],
        };

    /// <summary>
    /// The same with what the images of its release services say of their health, by service; null: nothing.
    /// </summary>
    public Application With(IReadOnlyDictionary<string, HealthCheck?> imageChecks) =>
        this with
        {
            Services =
            [
                .. Services.Select(service =>
                    imageChecks.TryGetValue(service.Name, out var check) ? service.With(check) : service
                ),
            ],
        };
}
