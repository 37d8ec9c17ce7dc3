using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Acme;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Removes what it is told to of an application from an engine.</summary>
public sealed class DockerRemover : IApplicationRemover
{
    private const int MostPolls = 100;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly DockerHost _host;
    private readonly HostChanges _changes;
    private readonly InventoryReader _inventory;

    /// <param name="engine">Whose applications it removes; by the same hand, under the same locks.</param>
    public DockerRemover(DockerEngine engine)
    {
        (_host, _changes) = (engine.Host, engine.Host.Changes);
        _inventory = new InventoryReader(_host);
    }

    /// <inheritdoc/>
    public Task<ApplicationInventory> FindAsync(
        string app,
        IEnumerable<string> images,
        CancellationToken cancellationToken
    ) => _inventory.FindAsync(app, images, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string app, ImmutableArray<FoundThing> things, CancellationToken cancellationToken)
    {
        foreach (var group in things.GroupBy(thing => (thing.Kind, thing.Maker)))
            switch (group.Key.Kind)
            {
                case ThingKind.Container:
                    await RemoveContainersAsync(app, [.. group], cancellationToken);
                    break;
                case ThingKind.Network:
                    foreach (var network in group)
                        await RemoveNetworkAsync(app, network, cancellationToken);
                    break;
                case ThingKind.Volume:
                    foreach (var volume in group)
                        await _changes.RemoveVolumeAsync(
                            volume.Name,
                            await ExpectedAsync(app, volume, cancellationToken),
                            cancellationToken
                        );
                    break;
                default:
                    foreach (var image in group)
                        await _changes.RemoveImageAsync(image.Name, cancellationToken);
                    break;
            }
    }

    /// <inheritdoc/>
    public async Task RemoveRecordsAsync(
        string app,
        ImmutableArray<FoundThing> things,
        CancellationToken cancellationToken
    )
    {
        await WaitForAgentsAsync(app, cancellationToken);
        // Keys first: as long as there are records, the next removal finds all that is left.
        foreach (var volume in things.Where(thing => thing.Kind == ThingKind.Volume).OrderBy(RecordsLast))
            await _changes.RemoveRecordAsync(
                volume.Name,
                await ExpectedAsync(app, volume, cancellationToken),
                cancellationToken
            );
        _host.Records.Forget(app);
        // What is made of another image goes before that one.
        foreach (var image in things.Where(thing => thing.Kind == ThingKind.Image).OrderBy(thing => thing.Name))
            if (image.Name == AcmeImage.Reference || image.Name == EdgeImage.Reference)
                await _changes.RemoveOwnImageAsync(image.Name, cancellationToken);
    }

    /// <summary>The agent of a lock that was given up ends by itself, soon after; another one may have come since.</summary>
    private async Task WaitForAgentsAsync(string app, CancellationToken cancellationToken)
    {
        for (var polls = 0; polls < MostPolls; polls++)
        {
            var near = await _host.Client.ListContainersAsync(cancellationToken, $"{Naming.AppLabel}={app}");
            if (!near.Any(InventoryReader.IsAgent))
                return;
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private static bool RecordsLast(FoundThing volume) => volume.Role == Naming.StateRole;

    /// <summary>Asks them to end, and removes them with the anonymous volumes that are theirs alone.</summary>
    private async Task RemoveContainersAsync(
        string app,
        IReadOnlyCollection<FoundThing> containers,
        CancellationToken cancellationToken
    )
    {
        var there = new List<(FoundThing Thing, ExpectedLabels Expected)>();
        foreach (var container in containers)
            there.Add((container, await ExpectedAsync(app, container, cancellationToken)));
        foreach (var group in there.GroupBy(entry => entry.Expected.What))
        {
            var expected = group.First().Expected;
            // One that goes on for ever is ended by the removal.
            await _changes.StopAsync([.. group.Select(entry => entry.Thing.Id)], expected, cancellationToken);
            await _changes.RemoveReleaseAsync(
                [.. group.Select(entry => (entry.Thing.Id, TakesItsVolumes(entry.Thing)))],
                expected,
                cancellationToken
            );
        }
    }

    private static bool TakesItsVolumes(FoundThing container) =>
        container.Maker == ThingMaker.Recyclic && (container.Role != Naming.ReleaseRole || container.RenewsVolumes);

    private async Task RemoveNetworkAsync(string app, FoundThing network, CancellationToken cancellationToken)
    {
        var expected = await ExpectedAsync(app, network, cancellationToken);
        if (network.Maker == ThingMaker.Recyclic)
            foreach (
                var listed in (
                    await _host.Client.ListContainersAsync(cancellationToken, $"{InventoryReader.Project}={app}")
                ).Where(entry => InventoryReader.NetworksOf(entry).Contains(network.Name))
            )
            {
                _host.Objects.Saw(listed, await _host.Images.OfAsync(listed.ImageID, cancellationToken));
                await _changes.DisconnectAsync(
                    network.Id,
                    expected,
                    listed.ID,
                    ExpectedLabels.OfCompose(app),
                    cancellationToken
                );
            }
        await _changes.RemoveNetworkAsync(network.Id, expected, cancellationToken);
    }

    private async Task<ExpectedLabels> ExpectedAsync(string app, FoundThing thing, CancellationToken cancellationToken)
    {
        if (thing.Maker is ThingMaker.Accessory or ThingMaker.Compose)
            return new(
                app,
                $"one that compose made for the project {app}",
                found => InventoryReader.IsComposes(app, found.Labels, found.ImageLabels)
            );
        if (thing is { Maker: ThingMaker.Nobody, IsAnonymous: true })
            return new(
                app,
                "one that the engine has named",
                found => InventoryReader.IsAnonymous(found.Name, found.Labels)
            );
        if (thing.Role == DataVolume.Role)
            return new(
                app,
                $"one that was made for the data of {app}",
                found =>
                    found.Labels.GetValueOrDefault(Naming.AppLabel) == app
                    && found.Labels.GetValueOrDefault(Naming.RoleLabel) == DataVolume.Role
            );
        var record = await _host.Records.FindAsync(app, cancellationToken);
        if (record is { Ownership.AcceptsUnmarked: true } && thing.Name == record.Naming.StateVolume)
            return new(app, $"the records of {app}", found => found.Name == record.Naming.StateVolume);
        return new(
            app,
            $"one that was made for {app}",
            found =>
                record?.Ownership.OwnsContainer(found.Labels, found.ImageLabels) == true
                || InventoryReader.EarlierOwner(app, found.Labels)?.OwnsContainer(found.Labels, found.ImageLabels)
                    == true
        );
    }
}
