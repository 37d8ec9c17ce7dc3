namespace Recyclic.Deploy.Model;

/// <summary>What a platform can do; a plan has no step that its platform cannot carry out.</summary>
public sealed record PlatformTraits
{
    /// <summary>
    /// Whether the edge is made, configured and kept by a deploy; else the platform has a switch of its own. Default:
    /// true.
    /// </summary>
    public bool HasEdge { get; init; } = true;

    /// <summary>Whether each slot has a network of its own, to which accessories are joined; default: true.</summary>
    public bool HasSlotNetworks { get; init; } = true;

    /// <summary>Whether the release before may go on running (<c>--keep-warm</c>); default: true.</summary>
    public bool KeepsWarm { get; init; } = true;

    /// <summary>
    /// Whether a service that must not run twice can be handed from one slot to the other; default: true.
    /// </summary>
    public bool HandsOver { get; init; } = true;

    /// <summary>All of it.</summary>
    public static PlatformTraits All { get; } = new();
}
