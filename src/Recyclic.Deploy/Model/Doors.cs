using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: which services have a door. One does where somebody outside its slot could call it: on a network of another
/// project, or on one of the file that an accessory is on too, unless that is a store, which is called and calls nobody.
/// One that a proxy finds by its labels (<see cref="ProxyLabels"/>) has one wherever there is a network for it.
/// </summary>
internal static class Doors
{
    /// <summary>The application with its doors, and with their ports among its routes.</summary>
    public static Application Added(Application app)
    {
        ImmutableArray<Door> doors =
        [
            .. from service in app.Services
            let sign = ProxyLabels.Of(app.Document, service)
            let routes = RoutesOf(app, service)
            let networks = NetworksOf(app, service, ProxyLabels.IsAddressed(sign))
            where !routes.IsEmpty && !networks.IsEmpty
            select new Door(service.Name, routes, networks) { Sign = sign },
        ];
        return app with
        {
            Doors = doors,
            Routes = OldAssets.Said(
                [.. app.Routes.Where(route => !route.IsInside), .. doors.SelectMany(door => door.Routes)],
                app.Services
            ),
        };
    }

    /// <summary>The accessories that could call a service: they share a network of the file with it.</summary>
    public static ImmutableArray<string> CallersOf(Application app, string service)
    {
        var networks = NetworkKeysOf(app.Document, service).ToHashSet();
        return
        [
            .. app
                .Accessories.Where(accessory => IsCaller(accessory))
                .Select(accessory => accessory.Name)
                .Where(accessory => NetworkKeysOf(app.Document, accessory).Any(networks.Contains)),
        ];
    }

    /// <summary>
    /// The networks outside of the application that the containers of services with a door are put on once they are
    /// made, without any name: that is the door's.
    /// </summary>
    public static ILookup<string, string> NamelessNetworks(Application app) =>
        app
            .Doors.SelectMany(door =>
                door.Networks.Where(network => network.IsOutside).Select(network => (door.Service, network.Name))
            )
            .ToLookup(pair => pair.Service, pair => pair.Name);

    private static bool IsCaller(Accessory accessory) =>
        accessory is { IsJoined: true, Calls: true } && ImageKinds.Of(accessory.Image) is null or ImageKind.Proxy;

    /// <summary>A port that is published too has one mode, and one backend.</summary>
    private static ImmutableArray<Route> RoutesOf(Application app, ReleaseService service) =>
        service.OneOff is not null
            ? []
            :
            [
                .. service
                    .Inside.Concat(Named(app, service))
                    .DistinctBy(route => route.Target)
                    .Select(route =>
                        app.Routes.FirstOrDefault(other =>
                                !other.IsInside && other.Service == route.Service && other.Target == route.Target
                            )
                            ?.Inside()
                        ?? route
                    ),
            ];

    /// <summary>The ports that a proxy is told of by labels.</summary>
    private static IEnumerable<Route> Named(Application app, ReleaseService service) =>
        NetworkModes.IsOwn(app.Document["services"].At(service.Name))
            ? []
            : ProxyLabels.PortsOf(app.Document, service).Select(service.RouteInside);

    /// <param name="isAddressed">Whether a proxy finds it by its labels: on any network that is there without it.</param>
    private static ImmutableArray<DoorNetwork> NetworksOf(Application app, ReleaseService service, bool isAddressed)
    {
        var shared = isAddressed
            ? app
                .Accessories.Where(accessory => accessory.IsJoined)
                .SelectMany(accessory => NetworkKeysOf(app.Document, accessory.Name))
                .ToHashSet()
            : [];
        var callers = CallersOf(app, service.Name)
            .SelectMany(caller => NetworkKeysOf(app.Document, caller))
            .ToHashSet();
        var outside = SlotNetworks.ExternalOf(app.Document, service.Name).ToHashSet();
        ImmutableArray<string> names =
        [
            .. ServiceNames
                .NamesOf(app.Document, service.Name)
                .Concat(ServiceNames.WishesOf(app.Document["services"].At(service.Name)))
                .Append($"{app.Name}-{service.Name}-1")
                .Distinct(),
        ];
        return
        [
            .. from key in NetworkKeysOf(app.Document, service.Name)
            where outside.Contains(key) || callers.Contains(key) || shared.Contains(key)
            let settings = app.Document["services"].At(service.Name).At("networks").At(key)
            select new DoorNetwork(
                app.Document["networks"].At(key).At("name").AsText() ?? key,
                names,
                settings.At("ipv4_address").AsText(),
                outside.Contains(key)
            ),
        ];
    }

    private static IEnumerable<string> NetworkKeysOf(JsonObject document, string service) =>
        (document["services"].At(service).At("networks") as JsonObject ?? []).Select(network => network.Key);
}
