using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>The networks of the slots and of the edge, and what the application has on them.</summary>
internal sealed class DockerNetworks(DockerCli docker, AppRecords records, HostReader reader)
{
    public async Task ConnectAsync(
        Application app,
        ImmutableArray<string> accessories,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app.Name, cancellationToken);
        var now = await reader.ObserveAsync(app.Name, cancellationToken);
        await Task.WhenAll(
            record
                .Naming.Networks.Where(network => !now.Networks.Contains(network))
                .Select(network =>
                    docker.ChangeAsync(
                        DockerCommands.CreateNetwork(
                            app.Name,
                            network,
                            record.Ownership.Mark(AppRecords.Nonce()),
                            SlotNetworks.OptionsOf(app)
                        ),
                        cancellationToken
                    )
                )
        );
        foreach (var network in new[] { record.Naming.SlotNetwork(Slot.Blue), record.Naming.SlotNetwork(Slot.Green) })
        {
            foreach (
                var container in now.Accessories.Where(container =>
                    accessories.Contains(container.Service) && !container.Networks.Contains(network)
                )
            )
                await docker.ChangeAsync(
                    DockerCommands.Connect(
                        network,
                        container.Id,
                        ServiceNames.NamesOf(app.Document, container.Service)
                    ),
                    cancellationToken
                );
            if (now.Edge.Exists && !now.Edge.Networks.Contains(network))
                await docker.ChangeAsync(DockerCommands.Connect(network, now.Edge.Id), cancellationToken);
        }
    }

    public async Task<ImmutableArray<string>> RemoveAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return [];
        var accessories = (await reader.ObserveAsync(app, cancellationToken)).Accessories;
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (
            var network in (await reader.NetworksAsync(cancellationToken)).Where(network =>
                record.Naming.Networks.Contains(network.Name) && record.Ownership.Owns(network.Labels)
            )
        )
        {
            foreach (var accessory in accessories.Where(container => container.Networks.Contains(network.Name)))
                await docker.TryChangeAsync(
                    ["network", "disconnect", "--force", network.Id, accessory.Id],
                    cancellationToken
                );
            var removed = await docker.TryChangeAsync(["network", "rm", network.Id], cancellationToken);
            // A container that somebody else has joined to it is that person's.
            if (!removed.Succeeded && !removed.StandardError.Contains("not found", StringComparison.Ordinal))
                kept.Add($"the network {network.Name} stays: {removed.StandardError.Trim()}");
        }
        return kept.ToImmutable();
    }
}
