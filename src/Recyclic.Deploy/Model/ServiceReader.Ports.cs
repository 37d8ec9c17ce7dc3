using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>What a service publishes, and how it is asked from outside.</summary>
internal sealed partial class ServiceReader
{
    public IEnumerable<PortMode> ReadPorts()
    {
        if (Tls is not { } tls)
            return PlainPorts();
        var names = string.Join(
            ' ',
            Certificates
                .Select(certificate => certificate.State.Name)
                .Concat(Obtains.Select(certificate => certificate.Name))
                .Distinct()
        );
        return PlainPorts().Select(port => WithTls(port, tls, names));
    }

    /// <summary>Without what the file says of TLS.</summary>
    private IEnumerable<PortMode> PlainPorts()
    {
        var probes = Check.Exists ? HealthCheckPorts.Of(resolved["healthcheck"].At("test"), name) : [];
        return from port in ResolvedPorts()
            let published = port["published"]?.ToString()
            let number = int.TryParse(published, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                ? given
                : 0
            where number > 0 && port["protocol"].AsText() is not ("udp" or "sctp")
            let target = port["target"].AsNumber() ?? 0
            let setting = SettingOf(target)
            let said = setting is not null ? (setting.Mode, "x-recyclic.ports")
            : SaidMode is { } mode ? (mode, "x-recyclic.mode")
            : ((RouteMode, string)?)null
            let known = PortMode.Of(target, number, port["app_protocol"].AsText(), said, IsSorted, probes)
            let isTcp = known.Mode == RouteMode.Tcp
            select new PortMode(
                new Route(
                    name,
                    target,
                    number,
                    port["host_ip"].AsText(),
                    known.Mode,
                    isTcp ? null : Text("host"),
                    isTcp ? null : Text("path"),
                    Replicas()
                )
                {
                    Private = true,
                    ProxyProtocol = setting?.ProxyProtocol == true,
                    TrustedProxies = Trusted,
                    ResponseTimeout = Timeouts.Of(Extension["timeouts"], Timeouts.Response),
                    TunnelTimeout = Timeouts.Of(Extension["timeouts"], Timeouts.Tunnel),
                },
                known.Why,
                known.IsSaid
            );
    }

    /// <summary>The ports at which others may ask it by its name, as far as the file says them.</summary>
    private ImmutableArray<Route> Inside()
    {
        var probes = Check.Exists ? HealthCheckPorts.Of(resolved["healthcheck"].At("test"), name) : [];
        return
        [
            .. from target in PublishedTargets.Concat(Exposed).Concat(probes.Keys.Order()).Distinct()
            where target is > 0 and <= 65535
            let setting = SettingOf(target)
            let said = setting is not null ? (setting.Mode, "x-recyclic.ports")
            : SaidMode is { } mode ? (mode, "x-recyclic.mode")
            : ((RouteMode, string)?)null
            select new Route(
                name,
                target,
                0,
                null,
                PortMode.Of(target, target, null, said, isSorted: false, probes).Mode,
                null,
                null,
                Replicas()
            )
            {
                Private = true,
                ProxyProtocol = setting?.ProxyProtocol == true,
                ResponseTimeout = Timeouts.Of(Extension["timeouts"], Timeouts.Response),
                TunnelTimeout = Timeouts.Of(Extension["timeouts"], Timeouts.Tunnel),
            }.Inside(),
        ];
    }

    private string? Trusted =>
        Extension.ContainsKey(TrustedSetting)
            ? Model.TrustedProxies.Read(Extension[TrustedSetting], (_, _) => { })
            : null;

    private RouteMode? SaidMode => RouteModes.Parse(Text("mode"));

    /// <summary>What `x-recyclic.ports` says of a port of the container.</summary>
    private PortSetting? SettingOf(int target) =>
        (Extension["ports"] as JsonObject)?.TryGetPropertyValue(
            target.ToString(CultureInfo.InvariantCulture),
            out var given
        ) == true
            ? PortSetting.Read("", given, (_, _) => { })
            : null;

    /// <summary>How it is asked from outside; null: it is not.</summary>
    private OutsideProbe? Probe
    {
        get
        {
            var routes = ReadPorts().Select(port => port.Route).ToList();
            var route = routes.FirstOrDefault(route => route.Mode == RouteMode.Http) ?? routes.FirstOrDefault();
            if (Text("health") is { } path)
                return HealthPort(route) is { } port
                    ? new OutsideProbe(ProbeKind.Health, port, path, Text("host"))
                    : null;
            return Extension.ContainsKey("settle") || route is null ? null : OutsideProbe.Of(route);
        }
    }

    /// <summary>
    /// The port that a health path is asked for on: one that is published, else the first that is exposed.
    /// </summary>
    private int? HealthPort(Route? route) => route?.Target ?? Exposed.Select(port => (int?)port).FirstOrDefault();

    /// <summary>The TCP ports that the file exposes.</summary>
    private IEnumerable<int> Exposed =>
        Texts("expose")
            .Where(port => !port.EndsWith("/udp", StringComparison.Ordinal))
            .Select(port =>
                int.TryParse(port.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : 0
            )
            .Where(port => port is > 0 and <= 65535);

    /// <summary>The TCP ports of its container that the file publishes.</summary>
    private IEnumerable<int> PublishedTargets =>
        ResolvedPorts()
            .Where(port => port["protocol"].AsText() is null or "tcp")
            .Select(port => port["target"].AsNumber() ?? 0);

    /// <summary>The TCP ports it takes on the host.</summary>
    public IEnumerable<string> PublishedPorts =>
        ResolvedPorts()
            .Where(port => port["protocol"].AsText() is null or "tcp")
            .Select(port => port["published"]?.ToString() ?? "");

    private IEnumerable<JsonObject> ResolvedPorts() => (resolved["ports"] as JsonArray ?? []).OfType<JsonObject>();

    private void CheckPortSettings()
    {
        if (!Extension.ContainsKey("ports"))
            return;
        if (Extension["ports"] is not JsonObject { Count: > 0 } settings)
        {
            Refuse(
                $"x-recyclic.ports '{Shown("ports")}' is not a map",
                "Write the container's port and its mode, http, tcp or auto: x-recyclic: { ports: { \"8443\": tcp } }."
            );
            return;
        }
        foreach (var (port, given) in settings)
        {
            PortSetting.Read(port, given, Refuse);
            if (
                ResolvedPorts().Any(one => one["target"]?.ToString() == port)
                || Exposed.Any(one => one.ToString(CultureInfo.InvariantCulture) == port)
            )
                continue;
            var behind = ResolvedPorts()
                .Where(one => one["published"]?.ToString() == port)
                .Select(one => one["target"]?.ToString())
                .FirstOrDefault();
            Refuse(
                $"x-recyclic.ports names {PrintableText.Of(port, 60)}, which is no port of its container that it publishes or exposes",
                behind is not null ? $"Write the container's port, {behind}; {port} is the host's."
                    : ResolvedPorts().Any()
                        ? $"Use one of: {string.Join(", ", ResolvedPorts().Select(one => one["target"]?.ToString()).Distinct())}."
                    : "Remove it, or publish that port."
            );
        }
    }

    private void CheckPorts()
    {
        CheckOwnPorts();
        foreach (var port in ResolvedPorts())
        {
            if (port["protocol"].AsText() is "udp" or "sctp")
                continue;
            if (port["protocol"].AsText() is { } protocol and not ("tcp" or ""))
                Refuse(
                    $"it publishes the port {port["target"]} by the protocol {PrintableText.Of(protocol, 20)}, which the engine does not know",
                    "Use tcp, udp or sctp."
                );
            if (port["target"].AsNumber() is not (> 0 and <= 65535))
                Refuse(
                    $"it publishes the port {port["target"]?.ToJsonString()} of its container, which is no port",
                    "Use 1 to 65535."
                );
            var written = port["published"]?.ToString();
            if (
                !int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var published)
                || published is < 1 or > 65535
            )
                Refuse(
                    $"the host port of {port["target"]} is {(string.IsNullOrEmpty(written) ? "a random one" : $"{written}, not one fixed number")}",
                    $"Publish it as \"{port["target"]}:{port["target"]}\"."
                );
            if (port["host_ip"].AsText() is not { Length: > 0 } address)
                continue;
            if (!address.Contains(':', StringComparison.Ordinal) && !Route.IsHostAddress(address))
                Refuse(
                    $"port {written} is published on '{PrintableText.Of(address, 60)}', which is no IPv4 address",
                    "Publish it on an address of the host such as 127.0.0.1, or on all of them."
                );
            if (address.Contains(':', StringComparison.Ordinal))
                Refuse(
                    $"port {written} is published on the IPv6 address {address}, which the edge cannot do yet",
                    "Publish it on an IPv4 address, or on all of them."
                );
        }
    }

    /// <summary>Ports that its container publishes itself: one container alone can have them.</summary>
    private void CheckOwnPorts()
    {
        if (IsOneOff || OwnPorts.NamesOf(resolved) is not { IsEmpty: false } own)
            return;
        var names = string.Join(", ", own);
        if (Is("overlap", JsonValueKind.True))
            Refuse(
                $"it publishes {names}, which the edge cannot forward, so its container does it itself, and one alone can; x-recyclic.overlap is true",
                "Remove overlap: true: the service is then stop-first; or publish that port in a service of its own."
            );
        if (Replicas() > 1)
            Refuse(
                $"it publishes {names}, which one container alone can have, and it has {Replicas()} replicas",
                "Give it one, or publish that port in a service of its own."
            );
    }
}
