using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: who calls the release by its names, such as a front proxy of the team's own, and what they reach: a door, or
/// where no port is known for one, containers that a deploy replaces.
/// </summary>
internal static class Callers
{
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        foreach (var door in app.Doors)
            yield return $"{door.Service} has a door for {WhoCalls(app, door)}: by its name they reach what serves, at an address that deploys leave alone ({List(door.Routes.Select(Describe).Distinct())})";
        var behindDoors = app.Doors.Select(door => door.Service).ToHashSet();
        var released = app
            .Services.Select(service => service.Name)
            .Where(name => !behindDoors.Contains(name))
            .ToHashSet();
        foreach (var service in released)
        foreach (var network in SlotNetworks.ExternalOf(app.Document, service))
            yield return $"{service} is on the external network {network}, and no port of it is known that a door could answer on: whoever calls it there, not by its published port, may reach either release while both run. Name the port: expose: [\"8000\"]";
        foreach (var accessory in app.Accessories)
        {
            ImmutableArray<string> called =
            [
                .. OneWriter
                    .NeedsOf(app.Document, accessory.Name)
                    .Where(released.Contains)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
            if (called.IsEmpty)
                continue;
            var container =
                now.Accessories.FirstOrDefault(container => container.Service == accessory.Name)?.Name
                ?? $"{app.Name}-{accessory.Name}-1";
            yield return $"{accessory.Name}, which is no part of the release, finds {List(called)} by name, and no port of {(called.Length == 1 ? "it" : "them")} is known that a door could answer on: a program that keeps the address that it found, as nginx does, "
                + $"reaches nobody after a deploy until it is started again (docker restart {container}). Name the port: expose: [\"8000\"]; or with x-recyclic: {{ release: true }} it goes with the release";
        }
    }

    private static string WhoCalls(Application app, Door door)
    {
        var outside = door.Networks.Where(network => network.IsOutside).Select(network => network.Name).ToList();
        var callers = Doors.CallersOf(app, door.Service);
        return outside.Count > 0 ? List(callers.Append($"containers on {List(outside)}"))
            : callers.IsEmpty ? "proxies that find it by its labels"
            : List(callers);
    }

    private static string Describe(Route route) => $"{route.Target} {route.Mode.Name()}";

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
