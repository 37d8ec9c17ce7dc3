using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: which release services are stop-first, and in which order they are handed over. `overlap` decides. Where it
/// says nothing and the file itself is the release, nobody has written these images with two releases in mind: what
/// writes to a volume or folder that the next release gets too is stop-first, and with it what depends on it. Where the
/// team builds the images it is as it was: start-first. What publishes UDP or SCTP is stop-first in either case:
/// <see cref="OwnPorts"/>. </summary>
internal static class OneWriter
{
    /// <exception cref="ConfigurationException">A one-off, which runs beside the release before, needs what must not
    /// run twice.</exception>
    public static Application Decided(Application app)
    {
        var needs = app.Services.ToDictionary(
            service => service.Name,
            service => NeedsOf(app.Document, service.Name).Intersect(app.Services.Select(other => other.Name)).ToList()
        );
        var exclusive = app
            .Services.Where(service =>
                service.Exclusive || HasOwnPorts(app, service) || MayBecome(app, service) && Written(app, service).Any()
            )
            .Select(service => service.Name)
            .ToHashSet();
        while (
            app.Services.FirstOrDefault(service =>
                MayBecome(app, service)
                && !exclusive.Contains(service.Name)
                && needs[service.Name].Exists(exclusive.Contains)
            )
                is { } dependent
        )
            exclusive.Add(dependent.Name);
        if (exclusive.Count == 0)
            return app;
        ImmutableArray<ConfigurationProblem> impossible =
        [
            .. from service in app.OneOffs
            from other in needs[service.Name].Where(exclusive.Contains)
            select new ConfigurationProblem(
                $"services.{service.Name}",
                $"it runs once before the release starts, but it waits for {other}, which must not run beside the release before",
                $"Remove that dependency, or let two releases of {other} run at once: x-recyclic: {{ overlap: true }}."
            ),
        ];
        if (!impossible.IsEmpty)
            throw new ConfigurationException(impossible);
        var orders = Orders(needs, exclusive);
        return app with
        {
            Services =
            [
                .. app.Services.Select(service =>
                    exclusive.Contains(service.Name)
                        ? service with
                        {
                            Exclusive = true,
                            HandOverOrder = orders[service.Name],
                        }
                        : service
                ),
            ],
        };
    }

    /// <summary>Whether nobody has said that it may overlap, in a file of which nobody can know.</summary>
    private static bool MayBecome(Application app, ReleaseService service) =>
        app.IsFileRelease && service is { MayOverlap: null, OneOff: null };

    /// <summary>Whether its container publishes a port itself, which one alone can.</summary>
    private static bool HasOwnPorts(Application app, ReleaseService service) =>
        service.OneOff is null
        && app.Document["services"].At(service.Name) is { } model
        && (NetworkModes.IsHost(model) || OwnPorts.Of(model).Any());

    /// <summary>What a service writes and the next release gets too.</summary>
    public static IEnumerable<Mount> Written(Application app, ReleaseService service) =>
        Mount
            .Of(app.Document, service.Name)
            .Where(mount => mount.KeepsData)
            .Concat(
                service.RenewsVolumes || service.Replicas > 1
                    ? []
                    : service.AnonymousPaths.Select(path => new Mount(
                        "volume",
                        DataVolume.NameFor(app.Name, service.Name, path),
                        path,
                        true
                    ))
            );

    /// <summary>The services that a service waits for before it starts.</summary>
    public static ImmutableArray<string> NeedsOf(JsonObject document, string service) =>
        [
            .. (document["services"].At(service).At("depends_on") as JsonObject ?? []).Select(dependency =>
                dependency.Key
            ),
        ];

    /// <summary>
    /// How many stop-first services must have started before each service, one after another. Compose refuses a circle;
    /// here one only ends.
    /// </summary>
    private static Dictionary<string, int> Orders(Dictionary<string, List<string>> needs, HashSet<string> exclusive)
    {
        var orders = needs.Keys.ToDictionary(service => service, _ => 0);
        for (var round = 0; round < needs.Count; round++)
            foreach (var (service, others) in needs)
                orders[service] = others
                    .Select(other => orders[other] + (exclusive.Contains(other) ? 1 : 0))
                    .DefaultIfEmpty()
                    .Max();
        return orders;
    }
}
