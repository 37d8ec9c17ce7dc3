using System.Text.Json;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>What the edge's log says of one request that a release was asked.</summary>
/// <param name="Slot">Whose release it was led to.</param>
/// <param name="Route">Service and port, as `api-8000`.</param>
/// <param name="Failed">Through no fault of its client.</param>
/// <param name="Milliseconds">
/// From the request to the first of its answer, so that neither the client's line nor the answer's size counts, and
/// without what it waited in the edge; null: it failed, or has no answer, as a connection has none.
/// </param>
internal sealed record EdgeRequest(Slot Slot, string Route, bool Failed, long? Milliseconds)
{
    /// <summary>Null: another kind of line, or a request that no release was asked.</summary>
    public static EdgeRequest? Read(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            using var parsed = JsonDocument.Parse(line);
            var entry = parsed.RootElement;
            if (RequestCounter.Read(entry) is not var (failed, _))
                return null;
            var led = entry.GetProperty("backend").GetString() ?? "";
            // What asks for old assets is the serving release's first.
            var backend = (
                led.StartsWith(OldAssets.Prefix, StringComparison.Ordinal) ? led[OldAssets.Prefix.Length..] : led
            ).Split('-', 2);
            if (backend is not [var prefix, { Length: > 0 } name] || Slots.Parse(prefix) is not { } slot)
                return null;
            long? time = failed || !entry.TryGetProperty("response", out var response) ? null : response.GetInt64();
            return new EdgeRequest(slot, RouteOf(name), failed, time >= 0 ? time : null);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>A route may have several backends, one by what it is spoken to: behind the port stands which.</summary>
    private static string RouteOf(string backend)
    {
        var parts = backend.Split('-');
        var port = Array.FindLastIndex(parts, part => part.Length > 0 && part.All(char.IsAsciiDigit));
        return port <= 0 ? backend : string.Join('-', parts[..(port + 1)]);
    }
}
