using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A port whose connections are told apart by what they begin with, or whose two releases have it in different modes.
/// It is a TCP frontend; what is HTTP is switched to it and is then routed request by request, as on a port that is
/// HTTP alone. </summary>
internal static class InspectedFrontend
{
    /// <summary>
    /// What speaks HTTP/2 without TLS, such as gRPC, goes through as it is: to services the edge speaks HTTP/1.
    /// </summary>
    private const string Requests = "HTTP !http2";

    /// <summary>How a request of HTTP/1 begins, whatever follows.</summary>
    private const string RequestLine = @"^[A-Za-z]+\ [^\ ]+\ HTTP/1\\.[0-9]\\r?\\n";

    /// <summary>
    /// A session that is no HTTP has no status. Of a kept connection the total is counted from the end of the request
    /// before.
    /// </summary>
    private const string LogFormat =
        """'{"ms":%Ts%ms,"backend":"%b","status":%[var(txn.status,0)],"end":"%ts","total":%Tt,"connect":%Tc,"response":-1,"retries":"%rc","client":"%ci","held":%[var(txn.held,0)]}'""";

    public static string Text(
        Entrance entrance,
        ImmutableArray<(Slot Slot, Route Route)> routes,
        string challenges,
        CanaryRouting? canary
    )
    {
        var begun = routes.Select(entry => entry.Route).ToImmutableArray();
        var text = new StringBuilder(
            $"""

            frontend {entrance.Frontend}
                mode tcp
                log-format {LogFormat}
                bind {entrance.Bind}
                bind {entrance.Newest} {RequestRules.Handed}
            {RequestRules.OfConnections(
                entrance,
                begun
            )}    tcp-request inspect-delay {EdgeConfiguration.Inspection.TotalMilliseconds}ms
                tcp-request content set-var(sess.share) {EdgeConfiguration.Share}
                tcp-request content set-var(sess.draw) rand(100)
            {CanaryRules.OfConnections(canary)}    tcp-request content set-var(sess.green) bool(false)
                tcp-request content set-var(sess.green) bool(true) if {"{"} var(sess.draw),sub(sess.share) lt 0 {"}"}
                acl session-green var(sess.green) -m bool
                acl http2 req.payload(0,3) -m str PRI
                acl begun var(sess.begin) -m reg {RequestLine}

            """
        );
        text.Append(CanaryRules.Settled(canary, routes, "sess", "session-green"));
        text.Append(RequestRules.OfInspected(entrance));
        var switches = Switches(ModeOf(Slot.Blue, routes), ModeOf(Slot.Green, routes)).ToList();
        foreach (var condition in switches)
            text.Append($"    tcp-request content switch-mode http if {condition}\n");
        // What begins as a request and goes on as none is refused: passed through, it could say of itself what it likes.
        text.Append("    tcp-request content set-var(sess.begin) req.payload(0,0)\n");
        foreach (var condition in switches.Where(condition => condition.Contains(Requests, StringComparison.Ordinal)))
            text.Append($"    tcp-request content switch-mode http if {condition.Replace(Requests, "begun")}\n");
        text.Append("    tcp-request content unset-var(sess.begin)\n");
        text.Append(
            $"""
                http-request set-var(txn.http) bool(true)
                http-after-response set-var(txn.status) status
            {challenges}{HeldRoutes.OfRequests(routes.Select(entry => entry.Route)).TrimEnd()}
                http-request set-var(txn.share) {EdgeConfiguration.Share}
            {(
                canary is null ? "" : $"    http-request set-var(txn.draw) rand(100)\n{CanaryRules.OfRequests(canary)}"
            )}    http-request set-var(txn.green) bool(false)
                http-request set-var(txn.green) bool(true) if {"{"} {(
                canary is null ? "rand(100)" : "var(txn.draw)"
            )},sub(txn.share) lt 0 {"}"}
                acl http var(txn.http) -m bool
                acl green var(txn.green) -m bool

            """
        );
        text.Append(CanaryRules.Settled(canary, routes, "txn", "green"))
            .Append(RequestRules.Text(entrance, begun))
            .Append(CanaryRules.OfAnswers(canary));
        text.Append(
            $"""
                use_backend {entrance.NewestBackend} if http {"{"} stopping {"}"}

            """
        );
        text.Append(EdgeConfiguration.Uses(routes, "http ", (slot, route) => HttpBackend(route, slot), canary));
        foreach (var (slot, route) in routes.Where(entry => entry.Route.Mode != RouteMode.Http))
            text.Append(
                $"    use_backend {TcpBackend(route, slot)} if !http {(slot == Slot.Green ? "" : "!")}{CanaryRules.Side(canary, route, "session-green")}\n"
            );
        text.Append(Entrance.Closed(routes, "http "));
        return text.Append($"    use_backend nowhere if http\n{EdgeConfiguration.NewestBackend(entrance)}").ToString();
    }

    /// <summary>
    /// What a route needs here: a kept HTTP connection may be led to a release that has the port as TCP, so that one
    /// has a backend for it too.
    /// </summary>
    public static IEnumerable<(string Name, RouteMode Mode)> Backends(Route route, Slot slot) =>
        route.Mode == RouteMode.Http
            ? [(HttpBackend(route, slot), RouteMode.Http)]
            : [(HttpBackend(route, slot), RouteMode.Http), (TcpBackend(route, slot), RouteMode.Tcp)];

    /// <summary>
    /// One with the route's own mode has the name that it has elsewhere: so a reload that changes the other slot's mode
    /// leaves it its servers.
    /// </summary>
    private static string HttpBackend(Route route, Slot slot) =>
        EdgeConfiguration.BackendName(route, slot) + (route.Mode == RouteMode.Tcp ? "-http" : "");

    private static string TcpBackend(Route route, Slot slot) =>
        EdgeConfiguration.BackendName(route, slot) + (route.Mode == RouteMode.Auto ? "-tcp" : "");

    /// <summary>
    /// A random number as a condition would be waited for until the inspection ends, a variable is not.
    /// </summary>
    private static IEnumerable<string> Switches(RouteMode blue, RouteMode green)
    {
        if (blue == green)
            return [Requests];
        return new[] { (Mode: blue, Slot: "!session-green"), (Mode: green, Slot: "session-green") }
            .Where(slot => slot.Mode != RouteMode.Tcp)
            .Select(slot => slot.Mode == RouteMode.Auto ? $"{slot.Slot} {Requests}" : slot.Slot);
    }

    /// <summary>A slot that has nothing on this port answers HTTP as such.</summary>
    private static RouteMode ModeOf(Slot slot, ImmutableArray<(Slot Slot, Route Route)> routes) =>
        routes
            .Where(entry => entry.Slot == slot)
            .Select(entry => entry.Route.Mode)
            .DefaultIfEmpty(RouteMode.Auto)
            .Max();
}
