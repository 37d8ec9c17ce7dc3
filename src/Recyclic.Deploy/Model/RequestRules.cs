using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// What the edge does to the headers of each request, the same wherever it comes in: it says who asked, and by which
/// way; what holds for one connection alone ends here.
/// </summary>
internal static class RequestRules
{
    /// <summary>What a listener is called that gets what a replaced process hands on; its headers are done.</summary>
    public const string Handed = "id 2";

    /// <summary>
    /// Several lines of it as one. Each line of the head is matched from its begin to its end, so that no other header
    /// can look like it.
    /// </summary>
    private const string JoinedForwardedFor =
        """req.hdrs,regsub("(?i)(?:x-forwarded-for:([^\r\n]*)|[^\r\n]*)\r\n","\1,",g),regsub("[, ]*,[, ]*",", ",g),regsub("^, ",""),regsub(", $","")""";

    /// <param name="entrance">Where the requests come in.</param>
    /// <param name="routes">Those that begin there.</param>
    public static string Text(Entrance entrance, ImmutableArray<Route> routes)
    {
        var trust = Trust.Of(entrance, routes);
        // What is behind a published port knows it by its number on the host; behind a door, by its own.
        var port = entrance.Gate?.Port ?? routes[0].Target;
        string[] rules =
        [
            "acl handed so_id 2",
            // Programs end a text there, or do not; the edge ends the matter.
            @"http-request deny deny_status 400 if { req.hdrs -m reg \\x00 }",
            $"http-request set-var(txn.forwarded) '{JoinedForwardedFor}' if !handed {{ req.fhdr_cnt(x-forwarded-for) gt 1 }}",
            "http-request set-header X-Forwarded-For %[var(txn.forwarded)] if { var(txn.forwarded) -m found }",
            @"http-request replace-header X-Forwarded-For (.+) ""\1, %[src]"" if !handed",
            "http-request set-header X-Forwarded-For %[src] if !handed { req.fhdr(x-forwarded-for) -m len 0 }",
            "option forwardfor if-none",
            // A proxy that says its scheme and not its port has the scheme's own.
            $"http-request set-header X-Forwarded-Port {port} if {trust.Unless("x-forwarded-port", "x-forwarded-proto")}",
            $"http-request set-header X-Forwarded-Proto http if {trust.Unless("x-forwarded-proto")}",
            "http-request set-var(txn.host) req.hdr(host)",
            $"http-request set-header X-Forwarded-Host %[var(txn.host)] if {trust.Unless("x-forwarded-host")}",
            // The same statements by other names: some frameworks read them first, others take '_' for '-'.
            "http-request del-header x_forwarded -m beg",
            "http-request del-header x-forwarded_ -m beg",
            .. trust.IsFull ? Array.Empty<string>() : [$"http-request del-header Forwarded if {trust.Forgeable}"],
            "http-request del-header Upgrade if { req.hdr(upgrade) -i h2c } or !{ req.hdr(connection) -i upgrade }",
            "acl upgrade req.hdr(upgrade) -m found",
            "http-request set-header Connection upgrade if upgrade",
            "http-request del-header Connection unless upgrade",
            "http-request del-header HTTP2-Settings",
            "http-request del-header Keep-Alive",
            "http-request del-header Proxy-Connection",
            "http-request del-header TE unless { req.hdr(te) -i trailers }",
        ];
        return Lines(rules);
    }

    /// <summary>What is said of each connection, before anything of it is read.</summary>
    public static string OfConnections(Entrance entrance, ImmutableArray<Route> routes)
    {
        var trust = Trust.Of(entrance, routes);
        return Lines([.. trust.Acl, .. trust.Limit]);
    }

    /// <summary>
    /// Who calls from outside does not say who called: what begins by the PROXY protocol is closed. On a port that is
    /// TCP alone it goes through, as all else does.
    /// </summary>
    public static string OfInspected(Entrance entrance) =>
        entrance.Gate is null
            ? ""
            : Lines([
                "tcp-request content reject if { req.payload(0,1) -m str P } { req.payload(0,6) -m str \"PROXY \" }",
                "tcp-request content reject if { req.payload(0,1) -m bin 0d } { req.payload(0,12) -m bin 0d0a0d0a000d0a515549540a }",
            ]);

    private static string Lines(IEnumerable<string> rules) => string.Concat(rules.Select(rule => $"    {rule}\n"));
}
