using Docker.DotNet.Models;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Gives containers their names on networks back: the engine forgets those of all that run when it leaves a swarm (or
/// joins one).
/// </summary>
internal sealed class Reconnection(DockerCli docker, EngineClient engine, HostReader reader)
{
    private static readonly string[] WithoutNames = ["bridge", "host", "none"];

    public async Task RunAsync(string app, CancellationToken cancellationToken)
    {
        var now = await reader.ObserveAsync(app, cancellationToken);
        var apart = new[] { now.Names.SlotNetwork(Slot.Blue), now.Names.SlotNetwork(Slot.Green) }
            .Where(now.Networks.Contains)
            .Except(now.Edge.Networks)
            .ToList();
        if (now.Edge.Exists && apart.Count > 0)
        {
            foreach (var network in apart)
                await docker.ChangeAsync(DockerCommands.Connect(network, now.Edge.Id), cancellationToken);
            return;
        }
        // Accessories first: a release that has its name back asks for theirs.
        foreach (
            var container in now
                .Accessories.Concat(now.Blue.Containers)
                .Concat(now.Green.Containers)
                .Where(container => container.IsRunning)
        )
            await ReconnectAsync(container, cancellationToken);
    }

    private async Task ReconnectAsync(Container container, CancellationToken cancellationToken)
    {
        var networks =
            (await engine.FindContainerAsync(container.Id, cancellationToken))?.NetworkSettings?.Networks
            ?? new Dictionary<string, EndpointSettings>();
        foreach (var (network, settings) in networks.Where(network => !WithoutNames.Contains(network.Key)))
        {
            var aliases = (settings.Aliases ?? []).Where(alias =>
                alias != container.Id[..Math.Min(12, container.Id.Length)]
            );
            var address = settings.IPAMConfig?.IPv4Address ?? "";
            await docker.ChangeAsync(["network", "disconnect", network, container.Id], cancellationToken);
            // Whatever happens now, it must not stay without its network.
            await docker.ChangeAsync(
                DockerCommands.Reconnect(network, container.Id, aliases, settings.Links ?? [], address),
                CancellationToken.None
            );
        }
    }
}
