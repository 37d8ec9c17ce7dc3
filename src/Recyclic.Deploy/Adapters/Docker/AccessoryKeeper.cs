using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Starts accessories by compose, exactly as the team's file has them, and takes back what that made. They bear no
/// mark: with a label more compose would hold them for changed. So what was there before is remembered, by its ID, and
/// never removed. </summary>
internal sealed class AccessoryKeeper(
    HostChanges changes,
    EngineClient engine,
    AppRecords records,
    HostReader reader,
    FileVolumes files
)
{
    private ImmutableHashSet<string>? _before;

    public async Task StartAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    )
    {
        var model = SlotModel.ForAccessories(app);
        // One that has its container has its files.
        var there = app.AccessoryFiles.IsEmpty
            ? []
            : (await reader.ObserveAsync(app.Name, cancellationToken)).Accessories.Select(container =>
                container.Service
            );
        if (app.AccessoryFiles.Of([.. services.Except(there)]) is { IsEmpty: false } own)
        {
            var record = await records.EnsureAsync(app.Name, cancellationToken);
            await files.MountAsync(model, record, own, null, cancellationToken);
        }
        _before ??= [.. (await FindAsync(app, cancellationToken)).Select(thing => thing.Id)];
        await changes.ComposeUpAsync(app, model, app.Name, services, start, dependencies: start, cancellationToken);
    }

    /// <summary>
    /// Removes the containers of services, and the volumes and networks of the project, that this very process saw come
    /// into being; where it does not know, nothing.
    /// </summary>
    public async Task RemoveAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        if (_before is not { } before)
            return;
        var expected = ExpectedLabels.OfCompose(app.Name);
        var made = (await FindAsync(app, cancellationToken))
            .Where(thing => !before.Contains(thing.Id))
            .ToLookup(thing => thing.Kind);
        var containers = made["container"]
            .Where(container => services.Contains(container.Service ?? ""))
            .Select(container => container.Id)
            .ToList();
        if (containers.Count > 0)
        {
            await changes.StopAsync(containers, expected, cancellationToken);
            await changes.RemoveAsync(containers, expected, cancellationToken);
        }
        foreach (var volume in made["volume"])
            await changes.RemoveVolumeAsync(volume.Name, expected, cancellationToken);
        foreach (var network in made["network"])
            await changes.RemoveNetworkAsync(network.Id, expected, cancellationToken);
    }

    /// <summary>
    /// What compose has made for the application's own project. Nobody but compose gives a network or a volume its
    /// labels.
    /// </summary>
    private async Task<IReadOnlyList<Thing>> FindAsync(Application app, CancellationToken cancellationToken)
    {
        var containers = (await reader.ObserveAsync(app.Name, cancellationToken)).Accessories.Select(
            container => new Thing("container", container.Id, container.Name, container.Service)
        );
        var volumes = (await engine.ListVolumesAsync(cancellationToken))
            .Where(volume => IsOf(app, EngineAnswers.Labels(volume.Labels)))
            // A volume has no ID: one that was removed and made again is another one by its time.
            .Select(volume => new Thing("volume", $"{volume.Name} {volume.CreatedAt}", volume.Name, null));
        var networks = (await reader.NetworksAsync(cancellationToken))
            .Where(network => IsOf(app, network.Labels))
            .Select(network => new Thing("network", network.Id, network.Name, null));
        return [.. containers, .. volumes, .. networks];
    }

    private static bool IsOf(Application app, ImmutableDictionary<string, string> labels) =>
        labels.GetValueOrDefault("com.docker.compose.project") == app.Name;

    private sealed record Thing(string Kind, string Id, string Name, string? Service);
}
