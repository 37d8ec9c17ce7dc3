using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// What publishes one port of the host and hands every connection to the edge. It is a container of its own, so a port
/// that comes, goes or changes leaves all others alone, and the edge can be replaced while its ports stay.
/// </summary>
/// <param name="Address">The host address that it is published on; null: all.</param>
/// <param name="Port">The port on the host, and in the gate's container.</param>
public sealed record PortGate(string? Address, int Port)
{
    /// <summary>What its files are called: no service can be.</summary>
    public string Name => "_" + Text.Replace(':', '-');

    /// <summary>The path at which the edge answers for it.</summary>
    internal string Path => $"{Door.Folder}/{Name}";

    /// <summary>The file that its HAProxy reads.</summary>
    public string ConfigurationFile => $"{Door.Folder}/{Name}.cfg";

    /// <summary>Its whole configuration, which begins with its hash.</summary>
    public string Configuration => Forwarder.Headed(Settings);

    /// <summary>Says whether a configuration is this one.</summary>
    public string Hash => Forwarder.HashOf(Settings);

    /// <summary>`[address:]port`, as compose writes it.</summary>
    public override string ToString() => Text;

    internal static PortGate Of(Route route) => new(route.HostAddress, route.Published);

    /// <summary>Those of routes, each once, in the order of their texts.</summary>
    internal static ImmutableArray<PortGate> Of(IEnumerable<Route> routes) =>
        [
            .. routes
                .Where(route => !route.IsInside)
                .Select(Of)
                .Distinct()
                .OrderBy(gate => gate.Text, StringComparer.Ordinal),
        ];

    /// <summary>What <see cref="ToString"/> wrote; null: something else did.</summary>
    internal static PortGate? Parse(string? text)
    {
        var colon = text?.LastIndexOf(':') ?? 0;
        return
            text is not null
            && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            && (colon < 0 || Route.IsHostAddress(text[..colon]))
            ? new(colon < 0 ? null : text[..colon], port)
            : null;
    }

    /// <summary>Whether the host can have only one of the two at a time: the kernel refuses the other.</summary>
    internal bool IsInTheWayOf(PortGate other) =>
        this != other
        && Port == other.Port
        && (Address is null or "0.0.0.0" || other.Address is null or "0.0.0.0" || Address == other.Address);

    private string Text =>
        string.Create(CultureInfo.InvariantCulture, $"{(Address is null ? "" : Address + ":")}{Port}");

    private string Settings => Forwarder.Text([(Port, Path)]);
}

/// <summary>A gate that is on the host.</summary>
/// <param name="Gate">What it publishes.</param>
/// <param name="Id">Its container's.</param>
/// <param name="Name">Its container's.</param>
/// <param name="IsRunning">False where it was stopped.</param>
public sealed record GateState(PortGate Gate, string Id, string Name, bool IsRunning);
