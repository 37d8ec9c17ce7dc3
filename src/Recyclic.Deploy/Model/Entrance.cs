using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Where requests come into the edge: by the gate of a published port, or by the door of one port of a service.
/// </summary>
/// <param name="Gate">Null: it is a door's.</param>
/// <param name="Name">What the edge's configuration calls it.</param>
/// <param name="Path">Where gate or door find it.</param>
internal sealed record Entrance(PortGate? Gate, string Name, string Path) : IComparable<Entrance>
{
    public static Entrance Of(Route route) =>
        route.IsInside
            ? new(
                null,
                string.Create(CultureInfo.InvariantCulture, $"door-{route.Service}-{route.Target}"),
                Door.PathOf(route)
            )
            : Of(PortGate.Of(route));

    public static Entrance Of(PortGate gate) => new(gate, gate.Name[1..], gate.Path);

    public string Frontend => Gate is null ? Name : $"port-{Name}";

    /// <summary>Gate and door say by the PROXY protocol who called.</summary>
    public string Bind => $"unix@{Path} accept-proxy";

    /// <summary>
    /// Where the process that a reload replaced, or an edge that another one replaced, hands on what still comes by its
    /// kept connections: it knows neither the new routes nor a share that changes later. HAProxy adds no forwarding
    /// header to what comes by such a socket; it has one already. The name is short, for a socket's path must be.
    /// </summary>
    public string Newest => $"unix@{Path}.n";

    public string NewestBackend => $"newest-{Name}";

    /// <summary>
    /// The routes by which a slot answers here. A release that has the port on another address, where the kernel lets
    /// the host have one of the two alone, answers by that one: so the gate may be exchanged at any moment.
    /// </summary>
    public IEnumerable<Route> RoutesOf(ImmutableArray<Route> slot)
    {
        var own = slot.Where(route => Of(route) == this).ToList();
        return own.Count > 0 || Gate is null
            ? own
            : slot.Where(route => !route.IsInside && PortGate.Of(route).IsInTheWayOf(Gate));
    }

    /// <summary>
    /// A port that a slot's release does not have at all is not one whose path nobody knows: whoever asks may come back.
    /// </summary>
    /// <param name="only">A condition that all have, with a space behind it; may be empty.</param>
    public static string Closed(ImmutableArray<(Slot Slot, Route Route)> routes, string only) =>
        string.Concat(
            new[] { Slot.Blue, Slot.Green }
                .Where(slot => !routes.Any(entry => entry.Slot == slot) && routes.All(entry => !entry.Route.IsInside))
                .Select(slot => $"    use_backend closed if {only}{(slot == Slot.Green ? "green" : "!green")}\n")
        );

    /// <summary>Published ports by their numbers, then doors by name.</summary>
    public int CompareTo(Entrance? other) =>
        other is null ? 1
        : (Gate is null) != (other.Gate is null) ? (Gate is null ? 1 : -1)
        : Gate?.Port != other.Gate?.Port ? Gate!.Port.CompareTo(other.Gate!.Port)
        : string.CompareOrdinal(Name, other.Name);
}
