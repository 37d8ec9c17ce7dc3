using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: what `network_mode` means for a release service.</summary>
internal static class NetworkModes
{
    /// <summary>
    /// Whether a service with it runs as the file has it, on no network of a slot: the host's, or none.
    /// </summary>
    public static bool IsOwn(string? mode) => mode is "host" or "none";

    /// <inheritdoc cref="IsOwn(string?)"/>
    public static bool IsOwn(JsonNode? service) => IsOwn(service.At("network_mode").AsText());

    /// <summary>Whether it has the host's own ports, which one container alone can have.</summary>
    public static bool IsHost(JsonNode? service) => service.At("network_mode").AsText() == "host";
}
