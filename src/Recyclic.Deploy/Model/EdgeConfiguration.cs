using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>The edge's HAProxy configuration for a set of routes. Its whole traffic decision is one number, the share.</summary>
/// <param name="Text">The configuration file.</param>
/// <param name="Hash">Changes when the text does.</param>
/// <param name="Ports">What the edge publishes on the host, `[address:]port`, sorted.</param>
public sealed record EdgeConfiguration(string Text, string Hash, ImmutableArray<string> Ports)
{
    public const string StateDirectory = "/var/lib/recyclic";
    private const string Share = $"str(share),map_str_int({StateDirectory}/share.map,0)";

    /// <summary>What HAProxy logs of each request: no path, no header, nothing a client could forge or a secret could hide in.</summary>
    private const string LogFormat =
        """'{"ms":%Ts%ms,"backend":"%b","status":%ST,"end":"%ts","total":%Ta,"connect":%Tc,"response":%Tr,"retries":"%rc"}'""";

    private const string TcpLogFormat =
        """'{"ms":%Ts%ms,"backend":"%b","status":0,"end":"%ts","total":%Tt,"connect":%Tc,"response":-1,"retries":"%rc"}'""";

    public static EdgeConfiguration For(Application app)
    {
        var text = new StringBuilder(Preamble);
        foreach (var port in app.Routes.GroupBy(route => route.Published).OrderBy(port => port.Key))
            text.Append(port.First().Mode == RouteMode.Tcp ? TcpFrontend(port.First()) : HttpFrontend(port.Key, [.. port]));
        foreach (var backend in app.Routes.DistinctBy(route => Backend(route)).OrderBy(Backend, StringComparer.Ordinal))
            foreach (var slot in Enum.GetValues<Slot>())
                text.Append(BackendOf(backend, slot, Servers(app, backend.Service)));
        text.Append("\nbackend nowhere\n    http-request return status 404 content-type text/plain string \"No service answers this host and path.\\n\"\n");
        var content = text.ToString();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];
        var ports = app.Routes.Select(route => (route.HostAddress is { } address ? $"{address}:" : "") + route.Published);
        return new EdgeConfiguration(content, hash, [.. ports.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The backend of a route in a slot, as HAProxy's statistics and log name it.</summary>
    public static string BackendName(Route route, Slot slot) => $"{slot.Name()}-{Backend(route)}";

    private static string Backend(Route route) => $"{route.Service}-{route.Target}";

    /// <summary>Room for twice the replicas, so that scaling a service does not need a new configuration each time.</summary>
    private static int Servers(Application app, string service) =>
        Math.Max(4, 2 * app.Services.First(s => s.Name == service).Replicas);

    private static string HttpFrontend(int port, ImmutableArray<Route> routes)
    {
        var text = new StringBuilder($"""

            frontend port-{port}
                bind :{port}
                option forwardfor
                http-request set-var(txn.share) {Share}
                http-request set-var(txn.slot) str(blue)
                http-request set-var(txn.slot) str(green) if {"{"} rand(100),sub(txn.share) lt 0 {"}"}

            """);
        foreach (var (route, index) in MostSpecificFirst(routes).Select((route, index) => (route, index)))
        {
            var conditions = new List<string>();
            if (route.Host is { } host) conditions.Add($"{{ req.hdr(host),field(1,:),lower -m str {host.ToLowerInvariant()} }}");
            if (route.Path is { } path)
            {
                text.Append($"    acl path{index} path {path}\n    acl path{index} path_beg {path}/\n");
                conditions.Add($"path{index}");
            }
            text.Append($"    use_backend %[var(txn.slot)]-{Backend(route)}{(conditions.Count > 0 ? " if " + string.Join(' ', conditions) : "")}\n");
        }
        return text.Append("    default_backend nowhere\n").ToString();
    }

    private static IEnumerable<Route> MostSpecificFirst(IEnumerable<Route> routes) =>
        routes.OrderByDescending(route => route.Host is not null).ThenByDescending(route => route.Path?.Length ?? 0);

    private static string TcpFrontend(Route route) => $"""

        frontend port-{route.Published}
            mode tcp
            log-format {TcpLogFormat}
            bind :{route.Published}
            tcp-request content set-var(sess.share) {Share}
            tcp-request content set-var(sess.slot) str(blue)
            tcp-request content set-var(sess.slot) str(green) if {"{"} rand(100),sub(sess.share) lt 0 {"}"}
            use_backend %[var(sess.slot)]-{Backend(route)}

        """;

    private static string BackendOf(Route route, Slot slot, int servers) => $"""

        backend {BackendName(route, slot)}
            {(route.Mode == RouteMode.Tcp ? "mode tcp" : "http-request disable-l7-retry unless { method GET HEAD OPTIONS }\n    retry-on conn-failure empty-response")}
            server-template s 1-{servers} {Naming.EdgeAlias(route.Service, slot)}:{route.Target}

        """;

    private static string Preamble => $"""
        # Written by Recyclic from the compose file's published ports; changed by the next deploy, not by hand.
        global
            log stdout format raw local0
            stats socket {StateDirectory}/admin.sock mode 600 level admin expose-fd listeners
            stats timeout 1h
            hard-stop-after 24h

        resolvers docker
            nameserver engine 127.0.0.11:53
            accepted_payload_size 8192
            resolve_retries 2
            timeout resolve 150ms
            timeout retry 300ms
            hold valid 150ms
            hold nx 1s
            hold obsolete 0s

        defaults
            mode http
            log global
            log-format {LogFormat}
            option dontlognull
            option redispatch 1
            retries 5
            timeout connect 2s
            timeout client 10m
            timeout server 10m
            timeout http-request 30s
            timeout http-keep-alive 2m
            timeout tunnel 24h
            default-server init-addr none resolvers docker resolve-prefer ipv4

        """;
}
