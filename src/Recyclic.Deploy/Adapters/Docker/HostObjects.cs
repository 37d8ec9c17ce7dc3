using System.Collections.Concurrent;
using System.Collections.Immutable;
using Docker.DotNet.Models;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What an object of the engine is, as far as the engine never changes it.</summary>
/// <param name="Kind">`container`, `network` or `volume`.</param>
/// <param name="Id">A volume has none: its name.</param>
/// <param name="ImageLabels">The labels that its image brings; empty: it has no image.</param>
internal sealed record HostObject(
    string Kind,
    string Id,
    string Name,
    ImmutableDictionary<string, string> Labels,
    ImmutableDictionary<string, string> ImageLabels
)
{
    /// <summary>The same, for a person.</summary>
    public Stranger AsStranger() => FoundContainer.Stranger(Kind, Name, Id, Labels, ImageLabels, "", null);
}

/// <summary>Says what stands behind an ID, to whoever is about to change it. Null: nothing.</summary>
internal interface IHostObjects
{
    Task<HostObject?> FindContainerAsync(string id, CancellationToken cancellationToken);

    Task<HostObject?> FindNetworkAsync(string id, CancellationToken cancellationToken);

    /// <summary>By its name, at this very moment: another volume may have it tomorrow.</summary>
    Task<HostObject?> FindVolumeAsync(string name, CancellationToken cancellationToken);
}

/// <summary>
/// An engine's objects. It gives an ID once, and never changes the labels of a container or of a network: what was read
/// of one at any time is so right before a change too, and costs no question more.
/// </summary>
internal sealed class HostObjects(EngineClient engine, ImageLabels images) : IHostObjects
{
    private readonly ConcurrentDictionary<string, HostObject> _seen = new();

    /// <summary>Keeps what was read of a network.</summary>
    public void Saw(FoundNetwork found) => Keep(Plain("network", found.Id, found.Name, found.Labels));

    /// <summary>Keeps what was read of a container; here and below.</summary>
    public void Saw(FoundContainer found)
    {
        var container = found.Container;
        Keep(new HostObject("container", container.Id, container.Name, container.Labels, found.ImageLabels));
    }

    public HostObject Saw(ContainerListResponse listed, ImmutableDictionary<string, string> imageLabels) =>
        Keep(
            new HostObject(
                "container",
                listed.ID,
                EngineAnswers.Name(listed),
                EngineAnswers.Labels(listed.Labels),
                imageLabels
            )
        );

    public async Task<HostObject?> FindContainerAsync(string id, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(id, out var seen))
            return seen;
        if (await engine.FindContainerAsync(id, cancellationToken) is not { } inspected || inspected.ID != id)
            return null;
        return Keep(
            new HostObject(
                "container",
                id,
                EngineAnswers.Name(inspected),
                EngineAnswers.Labels(inspected.Config?.Labels),
                await images.OfAsync(inspected.Image, cancellationToken)
            )
        );
    }

    public async Task<HostObject?> FindNetworkAsync(string id, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(id, out var seen))
            return seen;
        foreach (var network in await engine.ListNetworksAsync(cancellationToken))
            Saw(FoundNetwork.Of(network));
        return _seen.GetValueOrDefault(id);
    }

    public async Task<HostObject?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        await engine.FindVolumeAsync(name, cancellationToken) is { } volume
            ? Plain("volume", name, name, EngineAnswers.Labels(volume.Labels))
            : null;

    private HostObject Keep(HostObject found) => _seen[found.Id] = found;

    private static HostObject Plain(string kind, string id, string name, ImmutableDictionary<string, string> labels) =>
        new(kind, id, name, labels, ImmutableDictionary<string, string>.Empty);
}
