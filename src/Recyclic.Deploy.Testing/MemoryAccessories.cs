namespace Recyclic.Deploy.Testing;

/// <summary>Runs what the releases of a <see cref="MemoryCluster"/> share.</summary>
internal sealed class MemoryAccessories(MemoryCalls calls) : IAccessoryHost
{
    private readonly MemoryCluster _cluster = calls.Cluster;

    public Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            $"{(start ? "start" : "create")} accessories {string.Join(",", services)}",
            () =>
                _cluster.Accessories.AddRange(
                    services
                        .Except(_cluster.Accessories.Select(container => container.Service))
                        .Select(service =>
                            MemoryContainers.Accessory(app, service) with
                            {
                                Networks = [$"{app.Name}_default"],
                            }
                        )
                ),
            cancellationToken
        );

    public Task RemoveAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            "remove accessories",
            () => _cluster.Accessories.RemoveAll(container => services.Contains(container.Service)),
            cancellationToken
        );

    public Task StopAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            $"stop {string.Join(",", containers.Select(container => container.Name))} of plain compose",
            cancellationToken,
            [
                .. containers.Select(container => (Action)(() => _cluster.StopAdopted(container.Id))),
                .. containers.Select(container => (Action)(() => _cluster.SetAdoptedRestart(container.Id, "no"))),
            ]
        );

    public Task StartAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) =>
        calls.ChangeAsync(
            $"start {string.Join(",", containers.Select(container => container.Name))} of plain compose",
            cancellationToken,
            [
                .. containers.Select(container =>
                    (Action)(() => _cluster.SetAdoptedRestart(container.Id, container.Restart))
                ),
                .. containers.Select(container => (Action)(() => _cluster.StartAdopted(container.Id))),
            ]
        );

    public Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken)
    {
        var naming = new Naming(app.Name);
        string[] networks = [naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)];
        return calls.ChangeAsync(
            "connect",
            cancellationToken,
            [
                () => _cluster.Networks.UnionWith(naming.Networks),
                .. networks.SelectMany(network =>
                    new Action[]
                    {
                        () =>
                        {
                            for (var i = 0; i < _cluster.Accessories.Count; i++)
                                if (accessories.Contains(_cluster.Accessories[i].Service))
                                    _cluster.Accessories[i] = _cluster.Accessories[i] with
                                    {
                                        Networks = [.. _cluster.Accessories[i].Networks.Union([network])],
                                    };
                        },
                        () =>
                            _cluster.Edge = _cluster.Edge.Exists
                                ? _cluster.Edge with
                                {
                                    Networks = [.. _cluster.Edge.Networks.Union([network])],
                                }
                                : _cluster.Edge,
                    }
                ),
            ]
        );
    }

    public async Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken)
    {
        await calls.ChangeAsync("remove networks", _cluster.Networks.Clear, cancellationToken);
        return [];
    }
}
