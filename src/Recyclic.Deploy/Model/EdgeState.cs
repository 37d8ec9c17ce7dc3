using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <param name="Exists">Whether the edge's container exists.</param>
/// <param name="IsRunning">False also where there is none.</param>
/// <param name="Configuration">The hash of the configuration in place; empty: none.</param>
/// <param name="Ports">What it publishes on the host itself, as those of earlier versions do that had no gates.</param>
/// <param name="ImageTag">The edge image it was made from.</param>
/// <param name="Networks">By name.</param>
public sealed record EdgeState(
    bool Exists,
    bool IsRunning,
    string Configuration,
    ImmutableArray<string> Ports,
    string ImageTag,
    ImmutableArray<string> Networks
)
{
    /// <summary>Its container's; empty: there is none.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whether it was made of another image than one would be made of now.</summary>
    public bool IsOutdated { get; init; }

    /// <summary>When its image was built; null: that is not known.</summary>
    public DateTimeOffset? Built { get; init; }

    /// <summary>HAProxy's, as it says it, such as `2.6.12-1+deb12u3`; empty: it does not run.</summary>
    public string Version { get; init; } = "";

    /// <summary>Before the first deploy, and where nothing is published.</summary>
    public static EdgeState None { get; } = new(false, false, "", [], "", []);
}
