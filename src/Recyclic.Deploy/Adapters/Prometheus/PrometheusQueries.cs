using System.Globalization;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Prometheus;

/// <summary>
/// What Prometheus is asked, in PromQL. Of `$window` stands the time that is asked for, as `30s`; each answer must have
/// a label that says the slot and may have one that says the route.
/// </summary>
/// <param name="Requests">How many there were.</param>
/// <param name="Errors">How many of them failed.</param>
/// <param name="Latency">How many took at most so many seconds, by the label `le`; null: nobody knows.</param>
internal sealed record PrometheusQueries(string Requests, string Errors, string? Latency)
{
    /// <summary>Its value is `blue` or `green`, or has one of both as a word, as a container's name does.</summary>
    public string SlotLabel { get; init; } = "slot";

    /// <summary>An answer without it is of one route, `all`.</summary>
    public string RouteLabel { get; init; } = "route";

    /// <summary>
    /// The shortest time that is asked for: at least twice as long as Prometheus waits between two scrapes, since it
    /// needs two values to tell a difference.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A query for a time.</summary>
    public static string For(string query, TimeSpan time) =>
        query.Replace(
            "$window",
            string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s"),
            StringComparison.Ordinal
        );

    /// <summary>Null: it names neither, or both.</summary>
    public static Slot? SlotOf(string? value)
    {
        var words = (value ?? "").Split(['-', '_', '.', '/', ' ']);
        return (words.Contains("blue"), words.Contains("green")) switch
        {
            (true, false) => Slot.Blue,
            (false, true) => Slot.Green,
            _ => null,
        };
    }
}
