using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>A network as it was found.</summary>
/// <param name="Subnets">`address/length` each.</param>
internal sealed record FoundNetwork(
    string Id,
    string Name,
    ImmutableDictionary<string, string> Labels,
    DateTimeOffset? Created,
    ImmutableArray<string> Subnets
)
{
    public static FoundNetwork Of(NetworkResponse network) =>
        new(
            network.ID,
            network.Name,
            EngineAnswers.Labels(network.Labels),
            EngineAnswers.Created(network.Created),
            [.. (network.IPAM?.Config ?? []).Select(range => range.Subnet ?? "")]
        );
}
