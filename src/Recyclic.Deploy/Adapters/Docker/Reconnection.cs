using Docker.DotNet.Models;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Gives containers their names on networks back: the engine forgets those of all that run when it leaves a swarm (or
/// joins one).
/// </summary>
internal sealed class Reconnection(HostChanges changes, EngineClient engine, AppRecords records, HostReader reader)
{
    private static readonly string[] WithoutNames = ["bridge", "host", "none"];

    public async Task RunAsync(string app, CancellationToken cancellationToken)
    {
        var now = await reader.ObserveAsync(app, cancellationToken);
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var apart = new[] { now.Names.SlotNetwork(Slot.Blue), now.Names.SlotNetwork(Slot.Green) }
            .Where(now.Networks.Contains)
            .Except(now.Edge.Networks)
            .ToList();
        if (now.Edge.Exists && apart.Count > 0)
        {
            var networks = await reader.OwnNetworksAsync(record, cancellationToken);
            foreach (var network in apart)
                await changes.ConnectAsync(
                    networks[network],
                    ExpectedLabels.Ours(record.Ownership),
                    now.Edge.Id,
                    ExpectedLabels.Ours(record.Ownership, Naming.EdgeRole),
                    [],
                    cancellationToken
                );
            return;
        }
        // Accessories first: a release that has its name back asks for theirs.
        foreach (var accessory in now.Accessories.Where(container => container.IsRunning))
            await ReconnectAsync(accessory, ExpectedLabels.OfCompose(app), cancellationToken);
        foreach (
            var container in now.Blue.Containers.Concat(now.Green.Containers).Where(container => container.IsRunning)
        )
            await ReconnectAsync(
                container,
                ExpectedLabels.Ours(record.Ownership, Naming.ReleaseRole),
                cancellationToken
            );
    }

    private async Task ReconnectAsync(Container container, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        var networks =
            (await engine.FindContainerAsync(container.Id, cancellationToken))?.NetworkSettings?.Networks
            ?? new Dictionary<string, EndpointSettings>();
        foreach (var (network, settings) in networks.Where(network => !WithoutNames.Contains(network.Key)))
            await changes.ReconnectAsync(
                settings.NetworkID is { Length: > 0 } id ? id : network,
                container.Id,
                expected,
                (settings.Aliases ?? []).Where(alias => alias != container.Id[..Math.Min(12, container.Id.Length)]),
                settings.Links ?? [],
                settings.IPAMConfig?.IPv4Address ?? "",
                cancellationToken
            );
    }
}
