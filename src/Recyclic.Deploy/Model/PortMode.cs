using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>A published port, and by what its mode is known.</summary>
/// <param name="Why">As a person reads it, for example `app_protocol: smtp`.</param>
/// <param name="IsSaid">Whether the file says it; false: it follows from signs.</param>
public sealed record PortMode(Route Route, string Why, bool IsSaid)
{
    internal const string Inspected = "each connection by what it begins with";

    /// <summary>As a dry run says it: `80 to web:8000 http (well known: 80 is HTTP)`.</summary>
    public override string ToString() =>
        $"{Route.Published} to {Route.Service}:{Route.Target} {Route.Mode.Name()}{(TlsRules.EndsTls(Route) ? " behind TLS" : "")}{(Route.Http2 ? " by HTTP/2" : "")}{(Route.ProxyProtocol ? " with the PROXY protocol" : "")} ({Why})";

    /// <summary>
    /// What the file says comes first, then what only HTTP has, then what asks there, then what the number is known
    /// for.
    /// </summary>
    /// <param name="said">What `x-recyclic` says of this port, or of all ports of the service; null: nothing.</param>
    /// <param name="isSorted">Whether requests for it are told apart by host or path.</param>
    /// <param name="probes">What the health check of the service asks, by port.</param>
    internal static (RouteMode Mode, string Why, bool IsSaid) Of(
        int target,
        int published,
        string? protocol,
        (RouteMode Mode, string Where)? said,
        bool isSorted,
        IReadOnlyDictionary<int, RouteMode> probes
    ) =>
        said is { } x ? (x.Mode, x.Mode == RouteMode.Auto ? $"{x.Where}: {Inspected}" : x.Where, true)
        : protocol is { Length: > 0 } ? (OfProtocol(protocol), $"app_protocol: {PrintableText.Of(protocol, 40)}", true)
        : isSorted ? (RouteMode.Http, "x-recyclic.host or path", false)
        : probes.TryGetValue(target, out var probed)
            ? (
                probed,
                probed == RouteMode.Http ? "its health check asks HTTP there" : "its health check asks HTTPS there",
                false
            )
        : OfNumbers(WellKnownPort.Of(target), WellKnownPort.Of(published));

    /// <summary>
    /// One published port has one mode; and one port of a container has one, since a slot has one backend for it.
    /// </summary>
    internal static ImmutableArray<PortMode> Settle(IEnumerable<PortMode> ports)
    {
        var all = TlsRules.Settle([.. ports]);
        var sorted = all.GroupBy(port => port.Route.Published)
            .Where(port =>
                port.Count() > 1 && port.Any(one => one.Route.Host is not null || one.Route.Path is not null)
            )
            .Select(port => port.Key)
            .ToHashSet();
        all =
        [
            .. all.Select(port =>
                port.IsSaid || port.Route.Mode == RouteMode.Http || !sorted.Contains(port.Route.Published)
                    ? port
                    : port with
                    {
                        Route = port.Route with { Mode = RouteMode.Http },
                        Why = "shared by host or path",
                    }
            ),
        ];
        // What ends TLS has a mode whatever others have, and what is sent on needs none.
        var mixed = all.Where(port => port.Route is { HttpsPort: null, Http2: false })
            .GroupBy(port => (port.Route.Service, port.Route.Target))
            .Where(port => port.Select(one => one.Route.Mode).Distinct().Count() > 1)
            .Select(port => port.Key)
            .ToHashSet();
        return
        [
            .. all.Select(port =>
                !mixed.Contains((port.Route.Service, port.Route.Target))
                || TlsRules.EndsTls(port.Route)
                || port.Route.HttpsPort is not null
                    ? port
                    : port with
                    {
                        Route = port.Route with { Mode = RouteMode.Auto },
                        Why = $"published in several ways: {Inspected}",
                    }
            ),
        ];
    }

    /// <summary>The mode of a port of which nothing but its number is known.</summary>
    internal static RouteMode OfNumber(int target) => OfNumbers(WellKnownPort.Of(target), null).Mode;

    /// <summary>
    /// A protocol that has a name and is not HTTP/1 goes through as it is: the edge speaks HTTP/1 to services.
    /// </summary>
    private static RouteMode OfProtocol(string protocol) =>
        protocol.ToLowerInvariant() is "http" or "http/1.1" or "ws" or "kubernetes.io/ws"
            ? RouteMode.Http
            : RouteMode.Tcp;

    /// <summary>
    /// The container's port says what it speaks; the host's, what its clients speak. Where the two differ, a connection
    /// says it.
    /// </summary>
    private static (RouteMode Mode, string Why, bool IsSaid) OfNumbers(
        WellKnownPort? target,
        WellKnownPort? published
    ) =>
        (target, published) switch
        {
            ({ Mode: RouteMode.Http }, { Mode: RouteMode.Tcp }) => (
                RouteMode.Auto,
                $"{target} and {published}: {Inspected}",
                false
            ),
            ({ }, _) => (target.Mode, $"well known: {target}", false),
            (_, { }) => (published.Mode, $"well known: {published}", false),
            _ => (RouteMode.Auto, Inspected, false),
        };
}

/// <summary>What `x-recyclic.ports` says of one port of a container.</summary>
internal sealed record PortSetting(RouteMode Mode, bool ProxyProtocol)
{
    /// <summary>Reads `tcp`, or `{ mode: tcp, proxy-protocol: true }`, whose mode may be left out.</summary>
    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    /// <returns>Null: it was refused.</returns>
    public static PortSetting? Read(string port, JsonNode? given, Action<string, string> refuse)
    {
        var place = $"x-recyclic.ports.{PrintableText.Of(port, 60)}";
        var map = given as JsonObject;
        foreach (
            var key in (map ?? []).Select(entry => entry.Key).Where(key => key is not ("mode" or "proxy-protocol"))
        )
        {
            refuse($"{place} has no setting '{PrintableText.Of(key, 60)}'", "Use mode, proxy-protocol.");
            return null;
        }
        var proxy = map?["proxy-protocol"]?.ToString();
        if (proxy is not (null or "true" or "false"))
        {
            refuse(
                $"{place}.proxy-protocol '{PrintableText.Of(proxy, 60)}' is neither true nor false",
                "true: each connection to the service begins with the address of its client, by the PROXY protocol, version 2."
            );
            return null;
        }
        var text = map is null ? given?.ToString() ?? "" : map["mode"]?.ToString() ?? (proxy == "true" ? "tcp" : "");
        if (RouteModes.Parse(text) is not { } mode)
        {
            refuse($"{place} '{PrintableText.Of(text, 60)}' is unknown", "Use http, tcp or auto.");
            return null;
        }
        if (proxy == "true" && mode != RouteMode.Tcp)
        {
            refuse(
                $"{place} has proxy-protocol together with mode {mode.Name()}; HTTP requests carry X-Forwarded-For",
                "Write mode: tcp, or remove proxy-protocol."
            );
            return null;
        }
        return new(mode, proxy == "true");
    }
}
