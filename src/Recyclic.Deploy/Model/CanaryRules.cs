namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: how the edge decides while a share is between 0 and 100. A visitor has a number from 0 to 99 that stays; green
/// answers those whose number is below the share. So all services decide alike, and a share that rises moves nobody back.
/// With a share of 0 or 100 none of these rules does anything.
/// </summary>
/// <remarks>
/// The number is in a cookie, drawn once. Who brings no cookie has the one of a header or of the address. A cookie that
/// is not there yet cannot be told from one that will never be: an address has one number for all until cookies come back
/// from it; then the next few newcomers from there draw one each. So a program that keeps no cookies stays where it is,
/// and a hundred people behind one address are a hundred visitors.
/// </remarks>
internal static class CanaryRules
{
    /// <summary>Where addresses are kept from which cookies came back.</summary>
    private const string Visitors = "visitors";

    /// <summary>How many draw a number of their own after a cookie has come back from their address.</summary>
    private const int Newcomers = 8;

    /// <summary>What makes a number of an address or a header.</summary>
    private const string Hash = "xxh32,mod(100)";

    /// <summary>Longer than a canary may last.</summary>
    private static readonly TimeSpan CookieLasts = TimeSpan.FromDays(7);

    /// <summary>The table that the rules need; empty: there are none.</summary>
    public static string Table(CanaryRouting? canary) =>
        canary is null ? "" : $"\nbackend {Visitors}\n    stick-table type ipv6 size 100k expire 1h store gpt0\n";

    /// <summary>The part of a frontend that is HTTP, behind the line that draws.</summary>
    public static string OfRequests(CanaryRouting? canary)
    {
        if (canary is null)
            return "";
        List<string> rules =
        [
            "acl canary var(txn.share) -m int 1:99",
            $"acl numbered req.cook({CanaryRouting.VisitorCookie}) -m reg ^[0-9]{{1,2}}$",
            "http-request set-var(txn.from) src if canary",
            // What a replaced process hands on says there alone who asked.
            "http-request set-var(txn.from) req.hdr_ip(x-forwarded-for,-1) if canary { so_id 2 }",
            $"http-request track-sc2 var(txn.from) table {Visitors} if canary",
            $"http-request sc-set-gpt0(2) {Newcomers} if canary numbered",
            "acl keeps-cookies sc2_get_gpt0 gt 0",
            $"http-request set-var(txn.draw) req.cook_val({CanaryRouting.VisitorCookie}) if canary numbered",
            $"http-request set-var(txn.draw) var(txn.from),{Hash} if canary !numbered !keeps-cookies",
            "http-request sc-set-gpt0(2) sc2_get_gpt0,sub(1) if canary !numbered keeps-cookies",
        ];
        if (canary.VisitorHeader is { } header)
            rules.Add(
                $"http-request set-var(txn.draw) req.hdr({header}),{Hash} if canary !numbered {{ req.hdr({header}) -m found }}"
            );
        rules.Add("http-request set-var(txn.number) var(txn.draw) if canary !numbered !{ stopping }");
        if (canary.ForTesters)
            foreach (var (word, slot) in new[] { ("new", canary.Fresh), ("serving", canary.Fresh.Other()) })
            {
                // The one number that is on this side for any share between 0 and 100.
                var draw = slot == Slot.Green ? 0 : 99;
                foreach (var asked in new[] { $"cook({CanaryRouting.SideCookie})", $"hdr({CanaryRouting.SideHeader})" })
                {
                    rules.Add($"http-request set-var(txn.draw) int({draw}) if canary {{ req.{asked} -m str {word} }}");
                    rules.Add($"http-request unset-var(txn.number) if canary {{ req.{asked} -m str {word} }}");
                }
            }
        return Lines(rules);
    }

    /// <summary>Behind the rules that say by which scheme a request came: the cookie, for whoever has none.</summary>
    public static string OfAnswers(CanaryRouting? canary)
    {
        if (canary is null)
            return "";
        var cookie =
            $"{CanaryRouting.VisitorCookie}=%[var(txn.number)]; Path=/; Max-Age={(int)CookieLasts.TotalSeconds}; HttpOnly; SameSite=Lax";
        return Lines([
            "http-request set-var(txn.secure) bool(true) if canary { req.hdr(x-forwarded-proto) -i https }",
            "acl unnumbered var(txn.number) -m found",
            "acl secure var(txn.secure) -m found",
            $"http-response add-header Set-Cookie \"{cookie}\" if unnumbered !secure",
            $"http-response add-header Set-Cookie \"{cookie}; Secure\" if unnumbered secure",
            // One visitor's number is no other's: a shared cache may keep the answer, but not this field of it.
            "http-response add-header Cache-Control \"no-cache=\\\"Set-Cookie\\\"\" if unnumbered",
        ]);
    }

    /// <summary>The part of a frontend that decides for each connection: it has the address and nothing else.</summary>
    public static string OfConnections(CanaryRouting? canary) =>
        canary is null
            ? ""
            : Lines([
                "acl canary-session var(sess.share) -m int 1:99",
                $"tcp-request content set-var(sess.draw) src,{Hash} if canary-session",
            ]);

    /// <summary>What <see cref="Side"/> names of a service that is in one slot alone.</summary>
    /// <param name="green">The name of the acl that says whether green answers.</param>
    public static string Settled(
        CanaryRouting? canary,
        IEnumerable<(Slot Slot, Route Route)> routes,
        string scope,
        string green
    ) =>
        canary is not null && routes.Any(entry => canary.InOneSlot.Contains(entry.Route.Service))
            ? $"    acl settled-{green} var({scope}.share) -m int ge {(canary.Fresh == Slot.Green ? 100 : 1)}\n"
            : "";

    /// <summary>The acl that says whether green answers for a service.</summary>
    public static string Side(CanaryRouting? canary, Route route, string green = "green") =>
        canary?.InOneSlot.Contains(route.Service) == true ? $"settled-{green}" : green;

    private static string Lines(IEnumerable<string> rules) => string.Concat(rules.Select(rule => $"    {rule}\n"));
}
