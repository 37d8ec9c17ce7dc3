using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>Whose word on scheme, host and port counts at an entrance, and who is not counted against its limit.</summary>
/// <param name="IsFull">Everybody's: only callers inside, or programs of the host, come in here.</param>
/// <param name="Ranges">Else those of these addresses.</param>
internal sealed record Trust(bool IsFull, ImmutableArray<string> Ranges)
{
    public static Trust Of(Entrance entrance, ImmutableArray<Route> routes) =>
        new(
            entrance.Published == 0
                || routes.All(route => route.HostAddress?.StartsWith("127.", StringComparison.Ordinal) == true),
            [
                .. routes
                    .SelectMany(route => route.TrustedProxies?.Split(' ') ?? [])
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ]
        );

    private static readonly ImmutableArray<string> Near =
    [
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1",
        "fc00::/7",
        "fe80::/10",
    ];

    /// <summary>How many connections one address from elsewhere may have open; further ones are closed.</summary>
    internal const int MostConnections = 2000;

    /// <summary>A line at most.</summary>
    public IEnumerable<string> Acl => IsFull || Ranges.IsEmpty ? [] : [$"acl trusted src {string.Join(' ', Ranges)}"];

    /// <summary>
    /// What keeps one address from taking all connections. A private one is not counted: it may be the engine's own,
    /// which stands for everybody where the engine does not tell who called, as on a desktop.
    /// </summary>
    public IEnumerable<string> Limit =>
        IsFull
            ? []
            :
            [
                $"acl near src {string.Join(' ', Near)}",
                $"tcp-request session track-sc0 src table sources unless near{(Ranges.IsEmpty ? "" : " or trusted")}",
                $"tcp-request session reject if {{ sc0_conn_cur(sources) gt {MostConnections} }}",
            ];

    /// <summary>Where connections are counted, by address.</summary>
    public const string Table = "\nbackend sources\n    stick-table type ipv6 size 100k expire 1m store conn_cur\n";

    /// <summary>Of what has not been here before, what anybody could have written.</summary>
    public string Forgeable => Ranges.IsEmpty ? "!handed" : "!handed !trusted";

    /// <summary>When the edge says it itself: unless somebody trusted has said one of these.</summary>
    public string Unless(params string[] headers)
    {
        var unsaid = "!handed " + string.Join(' ', headers.Select(header => $"!{{ req.hdr({header}) -m found }}"));
        return IsFull ? unsaid
            : Ranges.IsEmpty ? Forgeable
            : $"{Forgeable} or {unsaid}";
    }
}
