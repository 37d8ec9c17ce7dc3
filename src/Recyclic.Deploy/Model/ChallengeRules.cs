using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: how the edge answers an authority that asks whether a host name leads here (http-01). The answer is made of the
/// question and of the account's thumbprint, which is public, so it needs nothing but that: no file for each order, no reload,
/// no container, and it is the same in each state of a deploy. What is for a host without an account goes on to the service.
/// </summary>
internal static class ChallengeRules
{
    /// <summary>The thumbprint of the account that each host name has its certificate from.</summary>
    public const string Map = EdgeConfiguration.StateDirectory + "/acme.map";

    /// <summary>It comes before all else: a request for it neither waits nor is sent on to https.</summary>
    private const string Rules = $$"""
            http-request set-var(txn.account) req.hdr(host),field(1,:),lower,map_str({{Map}}) if { path_beg /.well-known/acme-challenge/ }
            http-request return status 200 content-type text/plain lf-string "%[path,field(4,/)].%[var(txn.account)]" if { var(txn.account) -m found } { path -m reg ^/\.well-known/acme-challenge/[A-Za-z0-9_-]{1,200}$ }

        """;

    /// <summary>Whether some certificate of a set of routes is obtained.</summary>
    public static bool AreNeeded(IEnumerable<Route> routes) =>
        routes.Any(route => route.Certificates?.Split(' ').Any(AcmeCertificate.IsName) == true);

    /// <summary>Lines of a frontend that HTTP comes in by; what comes by a door comes from no authority.</summary>
    public static string Text(Entrance entrance, bool areNeeded) => areNeeded && entrance.Gate is not null ? Rules : "";

    /// <summary>The published ports at which an authority may ask: 80, and those whose requests are sent on to https.</summary>
    public static ImmutableArray<PortGate> Gates(ImmutableArray<Route> routes) =>
        [
            .. PortGate.Of(
                routes.Where(route =>
                    !route.IsInside
                    && route.Mode != RouteMode.Tcp
                    && !TlsRules.EndsTls(route)
                    && (route.HttpsPort is not null || route.Published == TlsSetting.UsualRedirect)
                )
            ),
        ];
}
