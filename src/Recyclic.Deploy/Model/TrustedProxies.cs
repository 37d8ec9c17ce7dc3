using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: what `x-recyclic.trusted-proxies` says, the addresses of proxies outside of the application, such as one that
/// ends TLS, whose word on scheme and host counts.
/// </summary>
internal static class TrustedProxies
{
    /// <summary>Nobody, where the addresses of private networks are not to be believed either.</summary>
    public const string Nobody = "none";

    /// <summary>
    /// The addresses of private networks (RFC 1918, 3927, 4193, 6598) and of this machine: who is believed where the file
    /// names nobody. A load balancer or a front on the host comes from one of these; clients from elsewhere do not.
    /// </summary>
    public static readonly ImmutableArray<string> Private =
    [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1",
        "fc00::/7",
        "fe80::/10",
    ];

    /// <summary>Whether a text is an address or a range of them, in the one way that it is written.</summary>
    public static bool IsRange(string text) => Canonical(text) == text;

    /// <summary>Reads one range, or a list.</summary>
    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    /// <returns>Null: there is none, or it was refused.</returns>
    public static string? Read(JsonNode? given, Action<string, string> refuse)
    {
        var texts = given is JsonArray list
            ? [.. list.Select(entry => entry?.ToString() ?? "")]
            : new[] { given?.ToString() ?? "" };
        var ranges = texts.Select(text => (Text: text, Range: Canonical(text))).ToList();
        foreach (var (text, _) in ranges.Where(entry => entry.Range is null))
            refuse(
                $"x-recyclic.trusted-proxies has '{PrintableText.Of(text, 60)}', which is no address and no range of them",
                "Write for example [203.0.113.7, 198.51.100.0/24]: the proxies whose X-Forwarded-Proto, -Host and -Port are kept; none: nobody's."
            );
        if (ranges.Count == 0)
            refuse("x-recyclic.trusted-proxies is empty", "Remove it, or name a proxy.");
        return ranges.Count == 0 || ranges.Any(entry => entry.Range is null)
            ? null
            : string.Join(' ', ranges.Select(entry => entry.Range).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Null: it is neither an address nor a range.</summary>
    private static string? Canonical(string text)
    {
        if (text == Nobody)
            return text;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        // What IPAddress takes besides, such as "10.1" or an address with a scope, is nobody's way to write one here.
        if (
            !IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address)
            || text.Contains('%', StringComparison.Ordinal)
            || text.Contains('[', StringComparison.Ordinal)
            || (!text.Contains(':', StringComparison.Ordinal) && !Route.IsHostAddress(slash < 0 ? text : text[..slash]))
        )
            return null;
        if (slash < 0)
            return address.ToString();
        return IPNetwork.TryParse($"{address}{text[slash..]}", out var network) ? network.ToString() : null;
    }
}
