using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: what `x-recyclic.timeouts` says of a service.</summary>
internal static class Timeouts
{
    public const string Response = "response",
        Tunnel = "tunnel";

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1),
        Most = TimeSpan.FromHours(24);

    private static readonly ImmutableArray<string> Names = [Response, Tunnel];

    public static bool IsInRange(TimeSpan time) => time >= Least && time <= Most;

    /// <summary>One of them; null: it is not there, or wrong.</summary>
    public static TimeSpan? Of(JsonNode? given, string name) =>
        given is JsonObject map && ComposeReader.ParseDuration(map[name]?.ToString()) is { } time && IsInRange(time)
            ? time
            : null;

    /// <param name="refuse">Takes what is wrong, and the mend.</param>
    public static void Check(JsonNode? given, Action<string, string> refuse)
    {
        if (given is not JsonObject { Count: > 0 } map)
        {
            refuse(
                $"x-recyclic.timeouts '{PrintableText.Of(given?.ToString() ?? "", 60)}' is not a map",
                "Write for example x-recyclic: { timeouts: { response: 30m, tunnel: 2h } }."
            );
            return;
        }
        foreach (var name in map.Select(entry => entry.Key).Where(name => !Names.Contains(name)))
            refuse(
                $"x-recyclic.timeouts has no setting '{PrintableText.Of(name, 60)}'",
                $"Use {string.Join(", ", Names)}."
            );
        foreach (var name in Names.Where(name => map.ContainsKey(name) && Of(map, name) is null))
            refuse(
                $"x-recyclic.timeouts.{name} '{PrintableText.Of(map[name]?.ToString() ?? "", 60)}' is not a duration from 1s to 24h",
                "Write for example 30m."
            );
    }

    /// <summary>As HAProxy has it.</summary>
    public static string Text(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
}
