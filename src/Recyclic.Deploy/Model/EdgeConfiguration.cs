using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// The edge's HAProxy configuration for a set of routes. Its whole traffic decision is one number, the share.
/// </summary>
/// <param name="Text">The configuration file.</param>
/// <param name="Hash">Changes when the text does.</param>
/// <param name="Ports">What its gates publish on the host, `[address:]port`, sorted.</param>
public sealed record EdgeConfiguration(string Text, string Hash, ImmutableArray<string> Ports)
{
    /// <summary>Where the edge and the agents have the state volume.</summary>
    public const string StateDirectory = "/var/lib/recyclic";

    /// <summary>
    /// How long a connection may be silent on a port that is decided for each connection, until it is taken for one
    /// whose server speaks first.
    /// </summary>
    public static readonly TimeSpan Inspection = TimeSpan.FromSeconds(1);

    /// <summary>What the head of a request or an answer may have, its URL included.</summary>
    internal const int HeadKilobytes = 64,
        MostHeaders = 1000;

    /// <summary>
    /// What the edge may add to a head, in bytes; and besides, what it needs for itself. A connection has such room only
    /// while it reads or writes, but each GET is copied with all of it, in case that it must be repeated: twice as much
    /// costs a tenth of all requests that a processor can do. It is no multiple of a page, since what begins at the same
    /// place of each page has few places in a processor's cache.
    /// </summary>
    private const int Rewritten = 4096,
        Own = 6208;

    internal const string Share = $"str(share),map_str_int({StateDirectory}/share.map,0)";

    /// <summary>
    /// What HAProxy logs of each request: no path, no header, nothing a client could forge or a secret could hide in.
    /// The address is the one that the connection came from.
    /// </summary>
    private const string LogFormat =
        """'{"ms":%Ts%ms,"backend":"%b","status":%ST,"end":"%ts","total":%Ta,"connect":%Tc,"response":%Tr,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'""";

    private const string TcpLogFormat =
        """'{"ms":%Ts%ms,"backend":"%b","status":0,"end":"%ts","total":%Tt,"connect":%Tc,"response":-1,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'""";

    /// <summary>
    /// What is said while nobody answers, as while a service that must not run twice is handed over: that it is worth
    /// another try.
    /// </summary>
    private const string NobodyThere =
        """http-error status 503 content-type text/plain string "Nobody answers for this service right now; try again in a moment.\n" hdr Retry-After 2""";

    /// <param name="blue">The routes of the release in blue; its containers may expect other ports than
    /// green's.</param>
    /// <param name="canary">What a share between 0 and 100 needs; null: there is to be none.</param>
    public static EdgeConfiguration For(
        string app,
        ImmutableArray<Route> blue,
        ImmutableArray<Route> green,
        CanaryRouting? canary = null
    )
    {
        var routes = blue.Select(route => (Slot.Blue, route))
            .Concat(green.Select(route => (Slot.Green, route)))
            .ToList();
        var text = new StringBuilder(Preamble(app, routes.Any(entry => TlsRules.EndsTls(entry.route))));
        var entrances = routes
            .Select(entry => Entrance.Of(entry.route))
            .Distinct()
            .Order()
            .Select(entrance =>
                (
                    Entrance: entrance,
                    Routes: entrance
                        .RoutesOf(blue)
                        .Select(route => (Slot.Blue, route))
                        .Concat(entrance.RoutesOf(green).Select(route => (Slot.Green, route)))
                        .ToImmutableArray()
                )
            )
            .SelectMany(entry => TlsRules.Split(entry.Entrance, entry.Routes))
            .ToList();
        var isAsked = ChallengeRules.AreNeeded(routes.Select(entry => entry.route));
        foreach (var (entrance, its) in entrances)
        {
            var challenges = ChallengeRules.Text(entrance, isAsked);
            text.Append(
                IsInspected(its)
                    ? InspectedFrontend.Text(entrance, its, challenges, canary)
                    : Frontend(entrance, its, challenges, canary)
            );
        }
        // HAProxy does not start without anything to listen on, and knows the share only where something asks for it.
        if (routes.Count == 0)
            text.Append(
                $"\nfrontend no-routes\n    bind 127.0.0.1:8404\n    http-request set-var(txn.share) {Share}\n    default_backend nowhere\n"
            );
        var backends =
            from entrance in entrances
            let isInspected = IsInspected(entrance.Routes)
            from entry in entrance.Routes
            where entry.Route.HttpsPort is null
            from backend in isInspected
                ? InspectedFrontend.Backends(entry.Route, entry.Slot)
                : [(Name: BackendName(entry.Route, entry.Slot), entry.Route.Mode)]
            select (backend.Name, backend.Mode, entry.Route, entry.Slot);
        foreach (
            var (name, mode, route, slot) in backends
                .DistinctBy(backend => backend.Name)
                .OrderBy(backend => backend.Name, StringComparer.Ordinal)
        )
            text.Append(Backend(name, mode, route, slot));
        text.Append(TlsRules.Backends(routes.Select(entry => entry.route)));
        if (entrances.Any(entrance => Entrance.Closed(entrance.Routes, "").Length > 0))
            text.Append(
                $"\nbackend closed\n    {NobodyThere.Replace("http-error", "http-request return", StringComparison.Ordinal)}\n"
            );
        text.Append(
            OldAssets.Backends(
                entrances.Select(entrance => entrance.Routes),
                (all, slot, route) =>
                    IsInspected(all) ? InspectedFrontend.Backends(route, slot).First().Name : BackendName(route, slot)
            )
        );
        text.Append(
            "\nbackend nowhere\n    http-request return status 404 content-type text/plain string \"No service answers this host and path.\\n\"\n"
                + Trust.Tables
                + CanaryRules.Table(canary)
        );
        var content = text.ToString();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];
        return new EdgeConfiguration(
            content,
            hash,
            [.. PortGate.Of(routes.Select(entry => entry.route)).Select(gate => gate.ToString())]
        );
    }

    /// <summary>The backend of a route in a slot, as HAProxy's statistics and log name it.</summary>
    public static string BackendName(Route route, Slot slot) =>
        route.HttpsPort is { } https
            ? TlsRules.BackendOf(https)
            : $"{BackendPrefix(route.Service, slot)}{route.Target}{(route.Http2 ? "-h2" : "")}{(route.PassedTo is null ? "" : "-pass")}";

    internal static string BackendPrefix(string service, Slot slot) => $"{slot.Name()}-{service}-";

    /// <summary>
    /// All backends that a route has in a slot, whatever the other slot has: where each connection is decided, one for
    /// requests and one for the rest.
    /// </summary>
    public static ImmutableArray<string> BackendNames(Route route, Slot slot) =>
        route.HttpsPort is not null ? []
        : route.Mode == RouteMode.Auto ? [.. InspectedFrontend.Backends(route, slot).Select(backend => backend.Name)]
        : [BackendName(route, slot)];

    private static bool IsInspected(IEnumerable<(Slot, Route Route)> port) =>
        port.Select(entry => entry.Route.Mode).Distinct().ToList() is not ([RouteMode.Http] or [RouteMode.Tcp]);

    private static string Frontend(
        Entrance entrance,
        ImmutableArray<(Slot Slot, Route Route)> routes,
        string challenges,
        CanaryRouting? canary
    )
    {
        var tcp = routes[0].Route.Mode == RouteMode.Tcp;
        var (request, scope) = tcp ? ("tcp-request content", "sess") : ("http-request", "txn");
        var begun = routes.Select(entry => entry.Route).ToImmutableArray();
        var text = new StringBuilder(
            $"""

            frontend {entrance.Frontend}
            {(tcp ? $"    mode tcp\n    log-format {TcpLogFormat}\n" : "")}    bind {entrance.Bind}{TlsRules.Bind(begun)}
            {(tcp ? "" : $"    bind {entrance.Newest} {RequestRules.Handed}\n")}{RequestRules.OfConnections(
                entrance,
                begun
            )}{(
                tcp ? HeldRoutes.OfConnections(begun[0].Service) : challenges + HeldRoutes.OfRequests(begun)
            )}    {request} set-var({scope}.share) {Share}
                {request} set-var({scope}.draw) rand(100)
            {(tcp ? CanaryRules.OfConnections(canary) : CanaryRules.OfRequests(canary))}    {request} set-var({scope}.green) bool(false)
                {request} set-var({scope}.green) bool(true) if {"{"} var({scope}.draw),sub({scope}.share) lt 0 {"}"}
                acl green var({scope}.green) -m bool

            """
        );
        text.Append(CanaryRules.Settled(canary, routes, scope, "green"));
        if (!tcp)
            text.Append(RequestRules.Text(entrance, begun))
                .Append(CanaryRules.OfAnswers(canary))
                .Append(TlsRules.Hsts(routes))
                .Append($"    use_backend {entrance.NewestBackend} if {{ stopping }}\n");
        text.Append(Uses(routes, "", (slot, route) => BackendName(route, slot), canary));
        return text.Append(
                tcp
                    ? ""
                    : $"{Entrance.Closed(routes, "")}    default_backend nowhere\n{NewestBackend(entrance, begun.Any(TlsRules.EndsTls))}"
            )
            .ToString();
    }

    /// <summary>Which backend a request goes to; the most specific route is asked first.</summary>
    /// <param name="only">A condition that all have, with a space behind it; may be empty.</param>
    internal static string Uses(
        ImmutableArray<(Slot Slot, Route Route)> routes,
        string only,
        Func<Slot, Route, string> backend,
        CanaryRouting? canary
    )
    {
        var text = new StringBuilder();
        foreach (
            var ((slot, route), index) in MostSpecificFirst(routes, entry => entry.Route)
                .Select((entry, index) => (entry, index))
        )
        {
            var conditions = new List<string>
            {
                $"{only}{(slot == Slot.Green ? "" : "!")}{CanaryRules.Side(canary, route)}",
            };
            if (route.Host is { } host)
                conditions.Add(IsFor(host));
            if (route.Path is { } path)
            {
                text.Append($"    acl path{index} path {path}\n    acl path{index} path_beg {path}/\n");
                conditions.Add($"path{index}");
            }
            var all = string.Join(' ', conditions);
            text.Append(OldAssets.Uses(routes, (slot, route), index, all, backend));
            text.Append($"    use_backend {backend(slot, route)} if {all}\n");
        }
        return text.ToString();
    }

    /// <summary>The order in which it is asked whether a request is for them.</summary>
    internal static IEnumerable<T> MostSpecificFirst<T>(IEnumerable<T> all, Func<T, Route> route) =>
        all.OrderByDescending(one => route(one).Host is not null).ThenByDescending(one => route(one).Path?.Length ?? 0);

    /// <summary>Whether a request is for a host name, as a condition.</summary>
    internal static string IsFor(string host) =>
        $"{{ req.hdr(host),field(1,:),lower -m str {host.ToLowerInvariant()} }}";

    /// <param name="http2">Whether requests may be such as gRPC's, which are not the same by HTTP/1.</param>
    internal static string NewestBackend(Entrance entrance, bool http2 = false) =>
        $"\nbackend {entrance.NewestBackend}\n    server newest {entrance.Newest}{(http2 ? " proto h2" : "")}\n";

    /// <summary>
    /// Room for twice the replicas, so that scaling a service does not need a new configuration each time.
    /// </summary>
    private static string Backend(string name, RouteMode mode, Route route, Slot slot) =>
        $"""

            backend {name}
                {(
                mode == RouteMode.Tcp
                    ? "mode tcp"
                    : "http-request disable-l7-retry unless { method GET HEAD OPTIONS }\n    retry-on conn-failure empty-response"
            )}{(route.ProxyProtocol ? "\n    default-server send-proxy-v2" : "")}{(route.Http2 ? TlsRules.PlainScheme : "")}{Waits(route)}
                {(
                route.PassedTo is { } path && mode == RouteMode.Tcp
                    ? $"server tls unix@{path} send-proxy-v2"
                    : $"server-template s 1-{Math.Max(4, 2 * route.Replicas)} {route.Alias(slot)}:{route.Target}{(route.Http2 ? " proto h2" : "")}"
            )}

            """;

    private static string Waits(Route route) =>
        (route.ResponseTimeout is { } response ? $"\n    timeout server {Timeouts.Text(response)}" : "")
        + (route.TunnelTimeout is { } tunnel ? $"\n    timeout tunnel {Timeouts.Text(tunnel)}" : "");

    private static string Preamble(string app, bool endsTls) =>
        $"""
            # The edge of {app}, written by Recyclic from the compose file's published ports; changed by the next deploy, not by hand.
            global
                # Room for a head of {HeadKilobytes} kB, and for what is added to it.
                tune.bufsize {HeadKilobytes * 1024 + Rewritten + Own}
                tune.maxrewrite {Rewritten}
                tune.http.maxhdr {MostHeaders}
                log stdout format raw local0
                stats socket {StateDirectory}/admin.sock mode 600 level admin expose-fd listeners
                stats timeout 1h
                {HeldRoutes.Load}
                server-state-file {StateDirectory}/servers.state{(endsTls ? TlsRules.Global : "")}
                hard-stop-after 24h

            resolvers docker
                nameserver engine 127.0.0.11:53
                accepted_payload_size 8192
                resolve_retries 2
                timeout resolve 150ms
                timeout retry 300ms
                hold valid 150ms
                hold nx 1s
                # What the engine says of a name without a dot that it does not know: nothing at all. It asks nobody outside for it.
                hold other 1s
                hold obsolete 0s
                # An engine that is down answers nobody, but its containers may run on: what it said last stands until it says otherwise.
                hold timeout 24h
                hold refused 24h

            defaults
                mode http
                log global
                log-format {LogFormat}
                option dontlognull
                # After a reload, a kept connection ends with the answer to its next request instead of between two requests.
                option idle-close-on-response
                option redispatch 1
                retries 5
                timeout connect 2s
                timeout client 10m
                timeout server 10m
                timeout http-request 30s
                timeout http-keep-alive 2m
                timeout tunnel 24h
                load-server-state-from-file global
                default-server init-addr last,none resolvers docker resolve-prefer ipv4
                {NobodyThere}

            """;
}
