using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// What makes requests and connections wait in the edge while their service is handed over. It comes before anything
/// asks for the share, so that they go where that says when the wait is over.
/// </summary>
internal static class HeldRoutes
{
    /// <summary>The longest that a file may ask for; a TCP frontend has to know it beforehand.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>How long each waits at most where the file does not say.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private const string Map = EdgeConfiguration.StateDirectory + "/hold.map";

    /// <summary>What the global section needs.</summary>
    public const string Load = $"lua-load {EdgeConfiguration.StateDirectory}/hold.lua";

    /// <summary>The part of a frontend that is HTTP, or becomes it.</summary>
    public static string OfRequests(IEnumerable<Route> routes)
    {
        var text = new StringBuilder();
        // The most specific route says which service a request is for.
        var sorted = routes
            .DistinctBy(route => (route.Service, route.Host, route.Path))
            .OrderByDescending(route => route.Host is not null)
            .ThenByDescending(route => route.Path?.Length ?? 0)
            .ToList();
        var services = sorted.Select(route => route.Service).Distinct().ToList();
        if (services.Count == 1)
            return $"    http-request lua.hold {services[0]} if {Held(services[0])}\n";
        foreach (var route in sorted)
        foreach (
            var path in route.Path is { } below ? new[] { $" {{ path {below} }}", $" {{ path_beg {below}/ }}" } : [""]
        )
            text.Append(
                $"    http-request set-var(txn.service) str({route.Service}) if !{{ var(txn.service) -m found }}{(route.Host is { } host ? $" {EdgeConfiguration.IsFor(host)}" : "")}{path}\n"
            );
        foreach (var service in services)
            text.Append(
                $"    http-request lua.hold {service} if {{ var(txn.service) -m str {service} }} {Held(service)}\n"
            );
        return text.ToString();
    }

    /// <summary>A frontend that is TCP alone: it has one service.</summary>
    public static string OfConnections(string service) =>
        $"    tcp-request inspect-delay {(int)Longest.TotalSeconds + 1}s\n    tcp-request content lua.hold {service} if {Held(service)}\n";

    private static string Held(string service) => $"{{ str({service}),map_str_int({Map},0) gt 0 }}";
}
