using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: ports that a file publishes without a number of the host, `"8080"`, or on any of several. Compose takes
/// another one at each start; users of a release are to find it where it was, so the edge has a fixed one: the
/// container's own number, or the next free one. </summary>
internal static class RandomPorts
{
    /// <summary>
    /// The model with a number for each such TCP port of a release service, and a note for each. What cannot be
    /// numbered is left as it is.
    /// </summary>
    public static (JsonObject Document, ImmutableArray<string> Notes) Settle(
        JsonObject document,
        Func<string, bool> isReleased
    )
    {
        var all = (document["services"] as JsonObject ?? [])
            .SelectMany(service =>
                (service.Value.At("ports") as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .Select(port => (service.Key, Port: port))
            )
            .ToList();
        if (!all.Any(entry => isReleased(entry.Key) && IsOpen(entry.Port)))
            return (document, []);
        var settled = (JsonObject)document.DeepClone();
        var taken = all.Select(entry => Number(entry.Port["published"])).OfType<int>().ToHashSet();
        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, service) in settled["services"] as JsonObject ?? [])
        {
            foreach (
                var port in (service.At("ports") as JsonArray ?? [])
                    .OfType<JsonObject>()
                    .Where(port => isReleased(name) && IsOpen(port))
            )
            {
                if (port["target"].AsNumber() is not (> 0 and <= 65535) || Choose(port, taken) is not { } number)
                    continue;
                taken.Add(number);
                var written = port["published"]?.ToString();
                port["published"] = number.ToString(CultureInfo.InvariantCulture);
                notes.Add(
                    $"{name} publishes {port["target"]} on {(string.IsNullOrEmpty(written) ? "a random port of the host" : $"one of the host's ports {written}")}; so that it stays where it is, the edge has it on {number}; to choose another: ports: [\"<port>:{port["target"]}\"]"
                );
            }
        }
        return (settled, notes.ToImmutable());
    }

    /// <summary>Whether a TCP port has no number, or a range of them.</summary>
    private static bool IsOpen(JsonObject port) =>
        (port["protocol"].AsText() is null or "tcp" or "")
        && (port["published"]?.ToString() is not { Length: > 0 } published || RangeOf(published) is not null);

    /// <summary>
    /// The container's own number or the first free one above it; of a range the first free one. Null: none is free.
    /// </summary>
    private static int? Choose(JsonObject port, HashSet<int> taken)
    {
        var own = port["target"].AsNumber() ?? 0;
        var (first, last) = RangeOf(port["published"]?.ToString() ?? "") ?? (own, 65535);
        for (var number = first; number <= last; number++)
            if (!taken.Contains(number))
                return number;
        return null;
    }

    private static (int First, int Last)? RangeOf(string published) =>
        published.Split('-') is [var first, var last]
        && Number(first) is { } from
        && Number(last) is { } to
        && from <= to
            ? (from, to)
            : null;

    private static int? Number(JsonNode? published) => Number(published?.ToString());

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= 65535
            ? number
            : null;
}
