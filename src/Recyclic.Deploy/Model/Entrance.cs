using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>Where requests come into the edge: a published port, or the door of one port of a service.</summary>
/// <param name="Published">The port; 0: it is a door's.</param>
/// <param name="Name">What the edge's configuration calls it.</param>
/// <param name="Path">Where the door finds it; empty: it is a published port's.</param>
internal sealed record Entrance(int Published, string Name, string Path) : IComparable<Entrance>
{
    public static Entrance Of(Route route) =>
        route.IsInside
            ? new(
                0,
                string.Create(CultureInfo.InvariantCulture, $"door-{route.Service}-{route.Target}"),
                Door.PathOf(route)
            )
            : new(route.Published, route.Published.ToString(CultureInfo.InvariantCulture), "");

    public string Frontend => Published > 0 ? $"port-{Name}" : Name;

    /// <summary>A door says by the PROXY protocol who called it.</summary>
    public string Bind => Published > 0 ? $":{Name}" : $"unix@{Path} accept-proxy";

    /// <summary>
    /// Where the process that a reload replaced hands on what still comes by its kept connections: it knows neither the
    /// new routes nor a share that changes later. HAProxy adds no forwarding header to what comes by such a socket; it
    /// has one already.
    /// </summary>
    public string Newest => $"abns@recyclic-{Name}";

    public string NewestBackend => $"newest-{Name}";

    /// <summary>Published ports by their numbers, then doors by name.</summary>
    public int CompareTo(Entrance? other) =>
        other is null ? 1
        : (Published > 0) != (other.Published > 0) ? (Published > 0 ? -1 : 1)
        : Published != other.Published ? Published.CompareTo(other.Published)
        : string.CompareOrdinal(Name, other.Name);
}
