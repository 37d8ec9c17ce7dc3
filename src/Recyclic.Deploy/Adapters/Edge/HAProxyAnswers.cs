using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// Pure: reads HAProxy's statistics (`show stat`: CSV with a header line, as its management guide describes).
/// </summary>
internal static class HAProxyAnswers
{
    /// <summary>Sessions open or queued in a slot's backends.</summary>
    public static int OpenSessions(IEnumerable<string> statistics, Slot slot) =>
        OpenSessions(statistics, name => name.StartsWith(slot.Name() + "-", StringComparison.Ordinal));

    /// <summary>The same of some services.</summary>
    public static int OpenSessions(IEnumerable<string> statistics, Slot slot, ImmutableArray<string> services) =>
        OpenSessions(statistics, name => services.Any(service => IsOf(name, slot, service)));

    /// <summary>Behind the service's name come a port's number and what it is decided by.</summary>
    private static bool IsOf(string backend, Slot slot, string service) =>
        EdgeConfiguration.BackendPrefix(service, slot) is var prefix
        && backend.StartsWith(prefix, StringComparison.Ordinal)
        && backend.Length > prefix.Length
        && backend[prefix.Length..].Split('-')[0].All(char.IsAsciiDigit);

    private static int OpenSessions(IEnumerable<string> statistics, Func<string, bool> isWanted) =>
        Rows(statistics)
            .Where(row => row("svname") == "BACKEND" && isWanted(row("pxname")))
            .Aggregate(
                0,
                (sum, row) => (int)Math.Min(int.MaxValue, (long)sum + Number(row("scur")) + Number(row("qcur")))
            );

    /// <summary>
    /// The addresses, without port, of the servers that could get a request, by backend. The column `addr` is there for
    /// whoever may administer.
    /// </summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> UsableServers(IEnumerable<string> statistics) =>
        Rows(statistics)
            .Where(row =>
                row("svname") is not ("BACKEND" or "FRONTEND")
                && (row("status").StartsWith("UP", StringComparison.Ordinal) || row("status") == "no check")
            )
            .GroupBy(row => row("pxname"), row => WithoutPort(row("addr")))
            .ToImmutableDictionary(backend => backend.Key, backend => backend.ToImmutableArray());

    private static string WithoutPort(string address) =>
        address.LastIndexOf(':') is >= 0 and var colon ? address[..colon] : address;

    private static IEnumerable<Func<string, string>> Rows(IEnumerable<string> statistics)
    {
        string[]? header = null;
        foreach (var line in statistics)
        {
            var fields = line.Split(',');
            if (line.StartsWith("# ", StringComparison.Ordinal))
                header = line[2..].Split(',');
            else if (header is { } names && fields.Length >= 18)
                yield return name =>
                    Array.IndexOf(names, name) is >= 0 and var index && index < fields.Length ? fields[index] : "";
        }
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
