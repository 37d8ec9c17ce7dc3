using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: which ports of its own container a health check asks by HTTP, and which by HTTPS.</summary>
internal static partial class HealthCheckPorts
{
    /// <param name="test">`healthcheck.test`, as compose resolves it.</param>
    /// <param name="service">Its container may call itself so.</param>
    public static ImmutableDictionary<int, RouteMode> Of(JsonNode? test, string service)
    {
        var text = string.Join(' ', (test as JsonArray ?? []).OfType<JsonValue>().Select(word => word.ToString()));
        var asks = Client().IsMatch(text);
        var addressed =
            from address in Address().Matches(text)
            let scheme = address.Groups["scheme"].Value
            where (asks || scheme.Length > 0) && IsItself(address.Groups["host"].Value, service)
            let isTls = scheme == "https"
            select (
                Port: address.Groups["port"] is { Success: true, Value: var port } ? Number(port)
                : isTls ? 443
                : 80,
                Mode: isTls ? RouteMode.Tcp : RouteMode.Http
            );
        var named = Named()
            .Matches(text)
            .Select(match => (Port: Number(match.Groups["port"].Value), Mode: RouteMode.Http));
        return addressed
            .Concat(named)
            .DistinctBy(found => found.Port)
            .ToImmutableDictionary(found => found.Port, found => found.Mode);
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static bool IsItself(string host, string service) =>
        host is "localhost" or "127.0.0.1" or "0.0.0.0" or "[::1]" || host == service;

    [GeneratedRegex(@"\b(curl|wget)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Client();

    [GeneratedRegex(
        @"(?<![\w.@:/-])((?<scheme>https?)://)?(?<host>\[::1\]|[A-Za-z0-9][A-Za-z0-9._-]{0,62})(:(?<port>[0-9]{1,5}))?(?![\w.:$-])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Address();

    /// <summary>As in `probe http 8080 /health`.</summary>
    [GeneratedRegex(
        @"(?<![\w.-])http (?<port>[0-9]{1,5})(?![\w.-])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Named();
}
