using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>Whose word on scheme, host and port counts at an entrance, and who is not counted against its limit.</summary>
/// <param name="IsFull">Everybody's: only callers inside, or programs of the host, come in here.</param>
/// <param name="Ranges">Else those of these addresses.</param>
/// <param name="AreNamed">Whether the file names them; else they are those of private networks, which count in the
/// limit.</param>
internal sealed record Trust(bool IsFull, ImmutableArray<string> Ranges, bool AreNamed)
{
    public static Trust Of(Entrance entrance, ImmutableArray<Route> routes)
    {
        var named = routes
            .SelectMany(route => route.TrustedProxies?.Split(' ') ?? [])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return new(
            entrance.Gate is null
                || routes.All(route => route.HostAddress?.StartsWith("127.", StringComparison.Ordinal) == true),
            named.Count == 0 ? TrustedProxies.Private : [.. named.Where(range => range != TrustedProxies.Nobody)],
            named.Any(range => range != TrustedProxies.Nobody)
        );
    }

    /// <summary>
    /// How many connections one address may have open, once there are so many in all that they could become scarce: an
    /// engine may allow a container 20,000 files, which is half as many connections.
    /// </summary>
    internal const int MostConnections = 2000,
        Many = 4000;

    /// <summary>A line at most.</summary>
    public IEnumerable<string> Acl => IsFull || Ranges.IsEmpty ? [] : [$"acl trusted src {string.Join(' ', Ranges)}"];

    /// <summary>
    /// What keeps one address from taking all connections. While there is room nobody is counted out: where the engine
    /// does not tell who called, as on a desktop, all of them come from one address.
    /// </summary>
    public IEnumerable<string> Limit =>
        IsFull
            ? []
            :
            [
                $"tcp-request session track-sc0 src table sources{(AreNamed ? " unless trusted" : "")}",
                "tcp-request session track-sc1 int(0) table everybody",
                $"tcp-request session reject if {{ sc0_conn_cur(sources) gt {MostConnections} }} {{ sc1_conn_cur(everybody) gt {Many} }}",
            ];

    /// <summary>Where connections are counted: by address, and all of them.</summary>
    public const string Tables =
        "\nbackend sources\n    stick-table type ipv6 size 100k expire 1m store conn_cur\n"
        + "\nbackend everybody\n    stick-table type integer size 1 store conn_cur\n";

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
