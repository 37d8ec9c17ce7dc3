using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The networks of the slots and of the edge, and what the application has on them.</summary>
internal sealed class DockerNetworks(HostChanges changes, AppRecords records, HostReader reader)
{
    public async Task ConnectAsync(
        Application app,
        ImmutableArray<string> accessories,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app.Name, cancellationToken);
        var finding = reader.OwnNetworksAsync(record, cancellationToken);
        var now = await reader.ObserveAsync(app.Name, cancellationToken);
        var networks = (await finding).ToBuilder();
        networks.AddRange(
            await Task.WhenAll(
                record
                    .Naming.Networks.Where(network => !networks.ContainsKey(network))
                    .Select(async network =>
                        KeyValuePair.Create(network, await CreateAsync(app, record, network, cancellationToken))
                    )
                    .ToList()
            )
        );
        foreach (var network in new[] { record.Naming.SlotNetwork(Slot.Blue), record.Naming.SlotNetwork(Slot.Green) })
        {
            foreach (
                var container in now.Accessories.Where(container =>
                    accessories.Contains(container.Service) && !container.Networks.Contains(network)
                )
            )
                await changes.ConnectAsync(
                    networks[network],
                    ExpectedLabels.Ours(record.Ownership),
                    container.Id,
                    ExpectedLabels.OfCompose(app.Name),
                    ServiceNames.NamesOf(app.Document, container.Service),
                    cancellationToken
                );
            if (now.Edge.Exists && !now.Edge.Networks.Contains(network))
                await changes.ConnectAsync(
                    networks[network],
                    ExpectedLabels.Ours(record.Ownership),
                    now.Edge.Id,
                    ExpectedLabels.Ours(record.Ownership, Naming.EdgeRole),
                    [],
                    cancellationToken
                );
        }
    }

    public async Task<ImmutableArray<string>> RemoveAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return [];
        var accessories = (await reader.ObserveAsync(app, cancellationToken)).Accessories;
        var kept = ImmutableArray.CreateBuilder<string>();
        var own = ExpectedLabels.Ours(record.Ownership);
        foreach (var (name, network) in await reader.OwnNetworksAsync(record, cancellationToken))
        {
            foreach (var accessory in accessories.Where(container => container.Networks.Contains(name)))
                await changes.DisconnectAsync(
                    network,
                    own,
                    accessory.Id,
                    ExpectedLabels.OfCompose(app),
                    cancellationToken
                );
            var removed = await changes.RemoveNetworkAsync(network, own, cancellationToken);
            // A container that somebody else has joined to it is that person's.
            if (!removed.Succeeded && !removed.StandardError.Contains("not found", StringComparison.Ordinal))
                kept.Add($"the network {name} stays: {removed.StandardError.Trim()}");
        }
        return kept.ToImmutable();
    }

    private Task<string> CreateAsync(
        Application app,
        AppRecord record,
        string network,
        CancellationToken cancellationToken
    ) =>
        changes.CreateNetworkAsync(
            app.Name,
            DockerCommands.CreateNetwork(
                app.Name,
                network,
                record.Ownership.Mark(AppRecords.Nonce()),
                SlotNetworks.OptionsOf(app)
            ),
            cancellationToken
        );
}
