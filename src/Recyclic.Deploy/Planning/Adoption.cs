using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: what a first deploy finds of the application that plain compose runs already, in the project of its name, and
/// what becomes of it.
/// </summary>
/// <param name="Containers">Of the services that are released: they go for the release.</param>
/// <param name="Kept">Of services that all releases share: they stay as they are.</param>
/// <param name="Others">Of services that the file does not have: they are left alone.</param>
internal sealed record Adoption(
    ImmutableArray<Container> Containers,
    ImmutableArray<Container> Kept,
    ImmutableArray<Container> Others
)
{
    private const string FilesLabel = "com.docker.compose.project.config_files";

    /// <summary>Null: nothing of what is released runs there, or the application was deployed before.</summary>
    public static Adoption? Of(Application app, Snapshot now) =>
        now.Current is null && Found(app, now) is { Containers.IsEmpty: false } found ? found : null;

    /// <summary>After the first deploy: what somebody has started beside the release, which nothing stops.</summary>
    public static IEnumerable<string> Beside(Application app, Snapshot now) =>
        now.Current is null || Found(app, now).Containers is not { IsEmpty: false } beside
            ? []
            :
            [
                $"{Names(beside)} {(beside.Length == 1 ? "runs" : "run")} under plain compose beside the release; {(beside.Length == 1 ? "it is" : "they are")} left alone. If that is not meant: docker stop {string.Join(" ", beside.Select(container => PrintableText.Of(container.Name, 80)))}",
            ];

    /// <summary>What was found and what becomes of it, a line each.</summary>
    public ImmutableArray<string> Lines =>
        [
            $"it runs already under plain compose{(Files(Containers) is [var files] ? $" ({files})" : "")}",
            .. Containers.Select(container =>
                container.Published is { IsEmpty: false } ports
                    ? $"{Describe(container)} publishes {string.Join(", ", ports)}: stopped when the release has passed its gate, and the edge has its ports at once (at most 1 s without service; what is under way in it has 0.4 s to end)"
                    : $"{Describe(container)}: stopped at the switch"
            ),
            .. Kept.Select(container =>
                $"{Describe(container)}: stays as it is, {(container.IsRunning ? "running" : container.State)}, with its data"
            ),
            .. Others.Select(container => $"{Describe(container)}: of no service of the file, left alone"),
        ];

    /// <summary>What the deploy is asked to take over from.</summary>
    public ImmutableArray<AdoptedContainer> Adopted => [.. Containers.Select(AdoptedContainer.Of)];

    /// <exception cref="ConfigurationException">What runs is of more than one compose file, or a proxy would go on to
    /// where nobody is any more.</exception>
    public void Check(Application app)
    {
        if (Files([.. Containers, .. Kept]) is { Length: > 1 } files)
            throw new ConfigurationException(
                $"application {app.Name}",
                $"containers of two compose files run in the project {app.Name}: {string.Join("; ", files.Select(file => $"{file}: {Names(Containers.Concat(Kept).Where(container => FileOf(container) == file))}"))}",
                $"Stop those that are not this application's (docker stop <name>), or give this one a name of its own: --project <name>."
            );
        var proxies = app
            .Accessories.Where(accessory =>
                ImageKinds.Of(accessory.Image) == ImageKind.Proxy
                && Kept.Any(container => container.Service == accessory.Name && container.IsRunning)
            )
            .Select(accessory => accessory.Name)
            .ToList();
        if (proxies.Count > 0)
            throw new ConfigurationException(
                $"application {app.Name}",
                $"it runs already, behind {string.Join(", ", proxies)}: a proxy keeps the addresses of the containers that it has found, and would send users to where nobody is any more",
                "Stop the application first (docker compose stop) and deploy it then: its data stay. That is one time without service; later deploys have none."
            );
    }

    /// <summary>The question to a person at a terminal.</summary>
    public string Question(string app) => $"{app}: {string.Join("; ", Lines)}. Take it over?";

    /// <summary>Where nobody can be asked and nobody has agreed.</summary>
    public ConfigurationException Refusal(string app) =>
        new(
            $"application {app}",
            string.Join("\n    ", Lines),
            "To have this deploy take it over, write --adopt; --dry-run shows the plan. If it is another application, give this one a name of its own: --project <name>."
        );

    private static Adoption Found(Application app, Snapshot now)
    {
        var released = app.Services.Select(service => service.Name).ToHashSet();
        var shared = app.Accessories.Select(accessory => accessory.Name).ToHashSet();
        return new(
            [.. now.Accessories.Where(container => released.Contains(container.Service) && Runs(container))],
            [.. now.Accessories.Where(container => shared.Contains(container.Service))],
            [
                .. now.Accessories.Where(container =>
                    !released.Contains(container.Service) && !shared.Contains(container.Service) && Runs(container)
                ),
            ]
        );
    }

    private static bool Runs(Container container) => container.State is "running" or "restarting" or "paused";

    private static string Describe(Container container) =>
        $"{PrintableText.Of(container.Name, 80)} ({PrintableText.Of(container.Service, 60)})";

    private static string Names(IEnumerable<Container> containers) =>
        string.Join(", ", containers.Select(container => PrintableText.Of(container.Name, 80)));

    private static ImmutableArray<string> Files(IEnumerable<Container> containers) =>
        [.. containers.Select(FileOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string? FileOf(Container container) =>
        container.Label(FilesLabel) is { Length: > 0 } files ? PrintableText.Of(files, 200) : null;
}
