using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Pure: what on the host must hold before a plan is made. Anything that does not is refused with nothing touched.
/// </summary>
public static class Preconditions
{
    /// <summary>Of the engine's disk.</summary>
    public const long LeastFreeMegabytes = 200;

    /// <exception cref="ConfigurationException">An accessory that exists does not work, or a stranger's volume is in
    /// the way.</exception>
    public static void Check(Application app, Snapshot now)
    {
        if (now.FreeMegabytes < LeastFreeMegabytes)
            throw DiskFull(now.FreeMegabytes);
        CheckStrangers(now, app);
        CheckAddresses(app, now);
        var accessories = app
            .Accessories.SelectMany(accessory =>
                now.Accessories.Where(container =>
                    container.Service == accessory.Name
                    && container.State != "created"
                    && (!container.IsRunning || container.Health == "unhealthy")
                    && !HasDoneItsWork(app, container)
                )
            )
            .Select(container => new ConfigurationProblem(
                $"accessory {container.Service}",
                $"{container.Name} is {(container.IsRunning ? container.Health : $"{container.State} (exit code {container.ExitCode})")}",
                $"See `docker logs {container.Name}`, mend it and start it: `docker start {container.Name}`. A deploy never restarts an accessory by itself."
            ));
        var problems = accessories.Concat(DataVolumes.Foreign(app, now)).ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    /// <exception cref="ConfigurationException">The platform cannot do what is asked for.</exception>
    public static void CheckTraits(Application app, Snapshot now, DeployOptions options)
    {
        var problems = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        if (options.KeepWarm && !now.Traits.KeepsWarm)
            problems.Add(
                new(
                    "--keep-warm",
                    "this platform cannot keep the release before running",
                    "Leave it out: the way back starts that release again."
                )
            );
        problems.AddRange(CanaryPlan.WhyNot(app, now, options));
        if (!now.Traits.HandsOver)
            problems.AddRange(
                StopFirst
                    .Of(app, now)
                    .Select(service => new ConfigurationProblem(
                        $"service {service}",
                        "it must not run twice, and this platform cannot hand a service over",
                        "Write x-recyclic: { overlap: true } if two releases of it may run at once."
                    ))
            );
        if (problems.Count > 0)
            throw new ConfigurationException(problems.ToImmutable());
    }

    /// <summary>Nothing of somebody else's may stand where one of the application's things is, or is to be.</summary>
    /// <param name="app">Null: a way back, which makes nothing that is not there.</param>
    /// <exception cref="ConfigurationException">Something does; each is named with its owner.</exception>
    public static void CheckStrangers(Snapshot now, Application? app)
    {
        var accessories = app?.Accessories.Select(accessory => accessory.Name).ToHashSet() ?? [];
        // One that compose would take for a container of a service that the file does not have keeps nobody from
        // anything.
        var inTheWay = now.InTheWay.Where(stranger =>
            stranger.Kind != "container"
            || stranger.Project != now.App
            || stranger.Name == now.Names.EdgeContainer
            || stranger.Service is { } service && accessories.Contains(service)
        );
        var taken = app is null
            ? []
            : NamesToBe(app, now).Select(name => now.Others.GetValueOrDefault(name)).OfType<Stranger>();
        var problems = inTheWay
            .Concat(taken)
            .DistinctBy(stranger => (stranger.Kind, stranger.Name))
            .Select(stranger => new ConfigurationProblem(
                stranger.Kind,
                $"{stranger}, is in the way: {PlaceOf(stranger, now)}",
                $"It is not touched. {MendOf(stranger)}, or deploy under another name: --project <name>."
            ))
            .ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    private static string PlaceOf(Stranger stranger, Snapshot now) =>
        stranger.Name == now.Names.EdgeContainer ? $"the edge of {now.App} is to have that name"
        : stranger.Kind == "network" ? $"{now.App} is to have a network of that name"
        : stranger.Project is { } project
        && (
            project == now.App
            || project == now.Names.SlotProject(Slot.Blue)
            || project == now.Names.SlotProject(Slot.Green)
        )
            ? $"by its labels compose would take it for {stranger.Service ?? "a container"} of {now.App}"
        : $"a container of {now.App} is to have that name";

    private static string MendOf(Stranger stranger) =>
        stranger.Kind == "network"
            ? $"Remove it if nobody needs it (docker network rm {stranger.Id[..Math.Min(12, stranger.Id.Length)]})"
        : stranger.Project is null ? $"Rename it (docker rename {stranger.Name} <name>), or remove it"
        : "Run it without those labels, or remove it";

    /// <summary>The names that compose will give to the containers that a deploy makes.</summary>
    private static IEnumerable<string> NamesToBe(Application app, Snapshot now)
    {
        var existing = now.Accessories.Select(container => container.Service).ToHashSet();
        var accessories = app
            .Accessories.Where(accessory => !existing.Contains(accessory.Name))
            .Select(accessory =>
                app.Document["services"].At(accessory.Name).At("container_name").AsText()
                ?? $"{app.Name}-{accessory.Name}-1"
            );
        var release = app.Services.SelectMany(service =>
            Enumerable
                .Range(1, service.Replicas)
                .Select(number => ServiceNames.ContainerName(app, service.Name, now.Idle, now.Names, number))
        );
        return
        [
            now.Edge.Exists || !now.Traits.HasEdge || app.Routes.IsEmpty ? "" : now.Names.EdgeContainer,
            .. app
                .Doors.Where(door => now.Doors.All(there => there.Service != door.Service))
                .Select(door => now.Names.DoorContainer(door.Service)),
            .. now.Traits.HasEdge
                ? PortGate
                    .Of(app.Routes)
                    .Where(gate => now.Gates.All(there => there.Gate != gate))
                    .Select(now.Names.GateContainer)
                : [],
            .. accessories,
            .. release.Except(now[now.Idle].Containers.Select(container => container.Name)),
        ];
    }

    private static void CheckAddresses(Application app, Snapshot now)
    {
        if (now.FreeSubnets is not { } free)
            return;
        var own = (app.Document["networks"] as JsonObject ?? [])
            .Where(network =>
                network.Value.At("external") is null
                && (network.Value.At("ipam").At("config") as JsonArray)?.Count is not > 0
            )
            .Select(network => network.Value.At("name").AsText() ?? network.Key);
        // A file's network is made when a service that all releases share is.
        var wanted = now
            .Names.Networks.Concat(app.Accessories.IsEmpty ? [] : own)
            .Where(network => !now.Networks.Contains(network))
            .ToList();
        if (wanted.Count > free)
            throw new ConfigurationException(
                "engine's address pools",
                $"{(free == 0 ? "no address range is free" : free == 1 ? "only one address range is free" : $"only {free} address ranges are free")} for the {wanted.Count} networks that are needed: {string.Join(", ", wanted)}",
                "Remove networks that nobody uses: `docker network prune`; or give the engine more and smaller ranges: \"default-address-pools\": [{ \"base\": \"10.200.0.0/16\", \"size\": 24 }] in /etc/docker/daemon.json, then restart it when that suits its containers."
            );
    }

    /// <exception cref="ConfigurationException">Somebody else has a port that the edge is to publish.</exception>
    public static void CheckPorts(IReadOnlyCollection<string> holders)
    {
        if (holders.Count > 0)
            throw new ConfigurationException([
                .. holders.Select(holder => new ConfigurationProblem(
                    "published port",
                    holder,
                    "Stop it, or publish another port in the compose file."
                )),
            ]);
    }

    /// <summary>An accessory that others wait for to complete, and that has.</summary>
    private static bool HasDoneItsWork(Application app, Container container) =>
        container is { State: "exited", ExitCode: 0 }
        && app.Document["services"] is JsonObject services
        && ComposeReader.MustComplete(services, container.Service);

    /// <summary>The refusal, to be thrown where it is found out.</summary>
    public static ConfigurationException DiskFull(long freeMegabytes) =>
        new(
            "engine's disk",
            $"only {freeMegabytes} MB are free, fewer than {LeastFreeMegabytes}",
            "Free some space, for example `docker image prune` and `docker builder prune`."
        );
}
