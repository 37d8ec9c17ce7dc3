using System.Runtime.CompilerServices;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Testing;

/// <summary>Runs the edge of a <see cref="MemoryCluster"/>.</summary>
internal sealed class MemoryEdge(MemoryCalls calls) : IEdgeHost
{
    /// <summary>The moment in which nobody has the ports.</summary>
    public const string TakesOver = "free the ports of plain compose";

    private readonly MemoryCluster _cluster = calls.Cluster;

    public Task StartEdgeAsync(
        string app,
        EdgeConfiguration configuration,
        bool replace,
        CancellationToken cancellationToken
    )
    {
        var naming = new Naming(app);
        var isNew = false;
        return calls.ChangeAsync(
            "start edge",
            cancellationToken,
            [
                () =>
                {
                    if (replace && _cluster.Edge.Exists)
                        Rename();
                    if (naming.Networks.Except(_cluster.Networks).FirstOrDefault() is { } missing)
                        throw new EngineException($"network {missing} not found");
                    isNew = !_cluster.Edge.Exists;
                    if (isNew)
                        _cluster.Edge = new EdgeState(true, false, "", [], "edge:1", [naming.Networks[0]])
                        {
                            Id =
                                (_cluster.Shared is null ? "" : $"{app}/")
                                + (_cluster.EdgesMade++ is 0 ? "edge-id" : $"edge{_cluster.EdgesMade}-id"),
                        };
                },
                // Only one that was just made is connected here: what is there already is taken as it is.
                .. naming
                    .Networks.Skip(1)
                    .Select(slot =>
                        (Action)(
                            () =>
                                _cluster.Edge = isNew
                                    ? _cluster.Edge with
                                    {
                                        Networks = [.. _cluster.Edge.Networks, slot],
                                    }
                                    : _cluster.Edge
                        )
                    ),
                _cluster.StartEdge,
            ]
        );
    }

    public Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) =>
        calls.ChangeAsync("remove edge", _cluster.RemoveEdge, cancellationToken);

    public Task RenewEdgeImageAsync(CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "renew edge image",
            () =>
            {
                if (_cluster.Edge.Exists)
                    _cluster.Edge = _cluster.Edge with { IsOutdated = true };
            },
            cancellationToken
        );

    /// <summary>An authority that asks the edge at once, unless the cluster says what it has against the host.</summary>
    public async Task<ImmutableArray<AcmeAnswer>> ObtainCertificatesAsync(
        string app,
        ImmutableArray<AcmeCertificate> certificates,
        Func<string, CancellationToken, Task> answer,
        CancellationToken cancellationToken
    )
    {
        var thumbprint = $"thumbprint-of-{certificates[0].Account}";
        await answer(thumbprint, cancellationToken);
        ImmutableArray<AcmeAnswer> answers = [];
        await calls.ChangeAsync(
            "obtain certificates",
            () => answers = [.. certificates.Select(one => Answer(one, thumbprint))],
            cancellationToken
        );
        return answers;
    }

    private AcmeAnswer Answer(AcmeCertificate wanted, string thumbprint) =>
        _cluster.AcmeProblems.TryGetValue(wanted.Host, out var problem) ? new(wanted.Name, null, problem)
        : _cluster.Challenges.GetValueOrDefault(wanted.Host) != thumbprint
            ? new(wanted.Name, null, new("unauthorized", "somebody else answers"))
        : new(wanted.Name, MemoryCertificates.Chain(wanted.Host), null);

    public Task RetireEdgesAsync(string app, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "retire edges",
            () => _cluster.ReplacedEdges.RemoveAll(edge => edge.Ports.IsEmpty),
            cancellationToken
        );

    public Task ReturnEdgeAsync(string app, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "return edge",
            () =>
            {
                if (_cluster.ReplacedEdges.Count == 0)
                    return;
                _cluster.Edge = _cluster.ReplacedEdges[^1];
                _cluster.ReplacedEdges.RemoveAt(_cluster.ReplacedEdges.Count - 1);
            },
            cancellationToken
        );

    public async Task<TimeSpan> OpenGatesAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<PortGate> instead,
        CancellationToken cancellationToken
    )
    {
        var exchanges = _cluster.Gates.Any(there => there.IsRunning && instead.Contains(there.Gate));
        await calls.ChangeAsync(
            "open gates",
            cancellationToken,
            [
                .. gates.Select(gate =>
                    (Action)(
                        () =>
                        {
                            if (_cluster.Gates.All(there => there.Gate != gate))
                                _cluster.Gates.Add(
                                    new(gate, $"{app}/gate/{gate}", new Naming(app).GateContainer(gate), false)
                                );
                        }
                    )
                ),
                () =>
                {
                    _cluster.ReplacedEdges.RemoveAll(edge => !edge.Ports.IsEmpty);
                    Run(instead, false);
                },
                () =>
                {
                    if (gates.FirstOrDefault(gate => _cluster.TakenPorts.ContainsKey($"{gate.Port}")) is { } taken)
                    {
                        Run(instead, true);
                        throw new EngineException($"port {taken} is taken");
                    }
                    _cluster.RefuseTakenPorts(gates);
                    Run(gates, true);
                },
                () => _cluster.Gates.RemoveAll(there => instead.Contains(there.Gate)),
            ]
        );
        return exchanges ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
    }

    public async Task<TimeSpan> TakeOverPortsAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<AdoptedContainer> from,
        CancellationToken cancellationToken
    )
    {
        await calls.ChangeAsync(
            TakesOver,
            () =>
            {
                foreach (var container in from)
                    _cluster.StopAdopted(container.Id);
            },
            cancellationToken
        );
        await OpenGatesAsync(app, gates, [], cancellationToken);
        return TimeSpan.FromMilliseconds(400);
    }

    public Task CloseGatesAsync(string app, ImmutableArray<PortGate> gates, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "close gates",
            () => _cluster.Gates.RemoveAll(there => gates.Contains(there.Gate)),
            cancellationToken
        );

    private void Run(ImmutableArray<PortGate> gates, bool runs)
    {
        for (var index = 0; index < _cluster.Gates.Count; index++)
            if (gates.Contains(_cluster.Gates[index].Gate))
                _cluster.Gates[index] = _cluster.Gates[index] with { IsRunning = runs };
    }

    /// <summary>It serves on under another name until another one takes its place.</summary>
    private void Rename()
    {
        _cluster.ReplacedEdges.Add(_cluster.Edge);
        _cluster.Edge = EdgeState.None;
    }

    public Task OpenDoorsAsync(string app, ImmutableArray<Door> doors, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "open doors",
            cancellationToken,
            [.. doors.SelectMany(door => new[] { () => Make(app, door), (Action)(() => Start(door)) })]
        );

    public Task CloseDoorsAsync(string app, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "close doors",
            () => _cluster.Doors.RemoveAll(door => services.Contains(door.Service)),
            cancellationToken
        );

    private void Make(string app, Door door)
    {
        // A container's labels cannot be changed: with others it is another one.
        _cluster.Doors.RemoveAll(there => there.Service == door.Service && !there.Sign.Equals(door.Sign));
        if (_cluster.Doors.All(there => there.Service != door.Service))
            _cluster.Doors.Add(
                new(door.Service, $"{app}/door/{door.Service}", new Naming(app).DoorContainer(door.Service), false, [])
                {
                    Sign = door.Sign,
                }
            );
    }

    private void Start(Door door)
    {
        var index = _cluster.Doors.FindIndex(there => there.Service == door.Service);
        _cluster.Doors[index] = _cluster.Doors[index] with
        {
            IsRunning = true,
            Networks = [.. door.Networks.Select(network => network.Name)],
        };
    }

    public Task ReconnectAsync(string app, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            "reconnect",
            () =>
            {
                var naming = new Naming(app);
                if (naming.Networks.Where(_cluster.Networks.Contains).Except(_cluster.Edge.Networks).Any())
                    _cluster.Edge = _cluster.Edge with
                    {
                        Networks = [.. _cluster.Edge.Networks.Union(naming.Networks.Where(_cluster.Networks.Contains))],
                    };
                else
                    _cluster.Nameless.Clear();
            },
            cancellationToken
        );

    public async IAsyncEnumerable<string> FollowEdgeLogAsync(
        string app,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }
}
