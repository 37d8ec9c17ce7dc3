using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: what the edge's configuration says of TLS.</summary>
internal static class TlsRules
{
    /// <summary>Where the certificates with their keys are: a volume that neither doors nor gates have.</summary>
    public const string Folder = "/var/lib/recyclic-keys";

    /// <summary>
    /// Mozilla's intermediate set, version 5.7: TLS 1.2 and 1.3. Session tickets are off, as their key would live as long as
    /// a process, and open what was recorded until then.
    /// </summary>
    public const string Global = """

            ssl-default-bind-curves X25519:prime256v1:secp384r1
            ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
            ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
            ssl-default-bind-options prefer-client-ciphers ssl-min-ver TLSv1.2 no-tls-tickets
        """;

    /// <summary>
    /// By HTTP/2 a request says its scheme. To the service it comes without TLS, and servers such as Kestrel refuse one that
    /// says otherwise.
    /// </summary>
    public const string PlainScheme = "\n    http-request set-uri http://%[req.hdr(host)]%[pathq] if { path_beg / }";

    /// <summary>Its file in the volume of keys.</summary>
    public static string FileOf(string certificate) => $"{Folder}/{certificate}.pem";

    public static bool EndsTls(Route route) => route.Certificates is not null;

    /// <summary>What follows the socket of an entrance; empty: it ends no TLS.</summary>
    public static string Bind(IEnumerable<Route> routes)
    {
        var names = routes
            .Where(EndsTls)
            .SelectMany(route => route.Certificates!.Split(' '))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0
            ? ""
            : $" ssl {string.Join(' ', names.Select(name => $"crt {FileOf(name)}"))} alpn h2,http/1.1";
    }

    /// <summary>Lines of a frontend that ends TLS.</summary>
    public static string Hsts(IEnumerable<(Slot Slot, Route Route)> routes) =>
        string.Concat(
            routes
                .Where(entry => entry.Route.Hsts is not null)
                .Select(entry =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"    http-after-response set-header Strict-Transport-Security max-age={entry.Route.Hsts} if {(entry.Slot == Slot.Green ? "" : "!")}green{(entry.Route.Host is { } host ? $" {{ var(txn.host),field(1,:),lower -m str {host.ToLowerInvariant()} }}" : "")}\n"
                    )
                )
                .Distinct()
        );

    /// <summary>The backend of requests that are sent on to https.</summary>
    public static string BackendOf(int httpsPort) => string.Create(CultureInfo.InvariantCulture, $"https-{httpsPort}");

    /// <summary>
    /// What is sent on keeps its method and its body. The name is the one that the client asked by; a port follows where it
    /// is not the usual one.
    /// </summary>
    public static string Backends(IEnumerable<Route> routes) =>
        string.Concat(
            routes
                .Select(route => route.HttpsPort)
                .OfType<int>()
                .Distinct()
                .Order()
                .Select(port =>
                    $"\nbackend {BackendOf(port)}\n    http-request redirect code 308 location https://%[req.hdr(host),regsub(:[0-9]*$,)]{(port == TlsSetting.UsualPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}"))}%[pathq]\n"
                )
        );

    /// <summary>
    /// Where one release has a port end TLS and the other one does not, each connection is led by its share before anything of
    /// it is read: what is for the one that ends TLS, to an entrance of its own.
    /// </summary>
    public static IEnumerable<(Entrance Entrance, ImmutableArray<(Slot Slot, Route Route)> Routes)> Split(
        Entrance entrance,
        ImmutableArray<(Slot Slot, Route Route)> routes
    )
    {
        var ending = routes.Where(entry => EndsTls(entry.Route)).ToImmutableArray();
        if (ending.IsEmpty || ending.Length == routes.Length)
            return [(entrance, routes)];
        var behind = entrance with { Name = $"{entrance.Name}-tls", Path = $"{entrance.Path}.t" };
        var (slot, first) = ending[0];
        var passed = first with
        {
            Mode = RouteMode.Tcp,
            Host = null,
            Path = null,
            OldAssets = null,
            Certificates = null,
            Http2 = false,
            PassedTo = behind.Path,
        };
        return [(entrance, [.. routes.Where(entry => !EndsTls(entry.Route)), (slot, passed)]), (behind, ending)];
    }

    /// <summary>
    /// A port ends TLS or it does not: whoever shares one that does gets all its requests by it, and a service whose requests
    /// come there by https has them sent on from where those of the others are.
    /// </summary>
    public static ImmutableArray<PortMode> Settle(ImmutableArray<PortMode> ports)
    {
        var certificates = ports
            .Where(port => EndsTls(port.Route))
            .GroupBy(port => port.Route.Published)
            .ToDictionary(
                port => port.Key,
                port =>
                    string.Join(
                        ' ',
                        port.SelectMany(one => one.Route.Certificates!.Split(' '))
                            .Distinct()
                            .Order(StringComparer.Ordinal)
                    )
            );
        var sentOn = ports
            .Where(port => port.Route.HttpsPort is not null)
            .GroupBy(port => port.Route.Published)
            .ToDictionary(port => port.Key, port => port.First().Route.HttpsPort!.Value);
        return
        [
            .. ports.Select(port =>
                certificates.TryGetValue(port.Route.Published, out var names)
                    ? port with
                    {
                        Route = port.Route with { Certificates = names, Mode = RouteMode.Http },
                        Why = EndsTls(port.Route) ? port.Why : "shares a port that ends TLS",
                    }
                : port.Route.HttpsPort is null
                && sentOn.TryGetValue(port.Route.Published, out var https)
                && ports.Any(other => other.Route.Service == port.Route.Service && other.Route.Published == https)
                    ? port with
                    {
                        Route = port.Route with { HttpsPort = https, Mode = RouteMode.Http },
                        Why = $"sent on to https on port {https}",
                    }
                : port
            ),
        ];
    }
}
