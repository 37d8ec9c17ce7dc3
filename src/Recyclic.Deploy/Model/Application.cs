using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

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

    /// <summary>
    /// Whether it may call release services by their names, unless its image is a store's; default: true.
    /// </summary>
    public bool Calls { get; init; } = true;

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

    /// <summary>What TLS ends with in the edge; default: nothing.</summary>
    public ImmutableArray<TlsCertificate> Certificates { get; init; } = [];

    /// <summary>What TLS ends with in the edge and is obtained there; default: nothing.</summary>
    public ImmutableArray<AcmeCertificate> Obtains { get; init; } = [];

    /// <summary>Whether nothing is obtained all the same: a way back is never held up by it.</summary>
    internal bool IsWayBack { get; init; }

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
                            Exposed = [.. service.Exposed.Union(ports)],
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
