using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: ports that the edge cannot forward, UDP and SCTP. A container publishes them itself, and one alone can have
/// them.
/// </summary>
internal static class OwnPorts
{
    /// <summary>Those of a service of a compose model, as the model has them.</summary>
    public static IEnumerable<JsonObject> Of(JsonNode? service) =>
        (service.At("ports") as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(port => port["protocol"].AsText() is "udp" or "sctp");

    /// <summary>As a person writes them: `53/udp`. Empty: it has none.</summary>
    public static ImmutableArray<string> NamesOf(JsonNode? service) =>
        [
            .. Of(service)
                .Select(port =>
                    $"{(port["published"]?.ToString() is { Length: > 0 } published ? published : port["target"]?.ToString())}/{port["protocol"]}"
                )
                .Distinct(),
        ];

    /// <summary>
    /// Those that a deploy is to have on the host and that the serving release does not have,
    /// `[address:]port/protocol`.
    /// </summary>
    public static ImmutableArray<string> WantedBy(Application app, Snapshot now) =>
        [
            .. from service in app.Exclusives
            where now.Current is not { Slot: var slot } || !now[slot].Of(service.Name).Any()
            from port in Of(app.Document["services"].At(service.Name))
            where
                ushort.TryParse(
                    port["published"]?.ToString(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                && number > 0
            select $"{(port["host_ip"].AsText() is { Length: > 0 } address ? $"{address}:" : "")}{port["published"]}/{port["protocol"]}",
        ];
}
