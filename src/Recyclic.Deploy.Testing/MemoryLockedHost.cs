using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Testing;

/// <summary>The lock of a <see cref="MemoryCluster"/>, held by a process.</summary>
/// <param name="mine">What the host says of the holder; null: nobody asks.</param>
internal sealed class MemoryLockedHost(MemoryCluster cluster, MemoryProcess process, LockHolder? mine = null)
    : ILockedHost
{
    private readonly CancellationTokenSource _lost = new();

    public CancellationToken Lost => _lost.Token;

    /// <summary>The lock's container is removed by hand, or the connection to it breaks.</summary>
    public void Lose()
    {
        Release();
        _lost.Cancel();
    }

    /// <summary>Nobody releases a lock that is another's by now.</summary>
    public void Release()
    {
        lock (cluster.Gate)
            if (mine is null || ReferenceEquals(cluster.Holder, mine))
                cluster.Holder = null;
    }

    public Task<HostState> ReadAsync(CancellationToken cancellationToken) =>
        process.CallAsync(
            "read host",
            () =>
            {
                ThrowIfLost();
                return Read(cluster);
            },
            cancellationToken
        );

    public async Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        if (record.Kind == JournalKind.StepBegun)
            await process.Listens.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        await AskAsync(
            $"append {record.Kind}",
            cancellationToken,
            () =>
                cluster.Change(
                    $"journal: {record.Kind} {record.Step}".TrimEnd(),
                    () => cluster.JournalLines.Add(record.ToJson())
                )
        );
    }

    public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
        AskAsync(
            "commit",
            cancellationToken,
            () =>
                cluster.Change(
                    $"commit {record.Release!.Tag}",
                    () =>
                    {
                        if (cluster.Generation != expected)
                            throw new StepFailedException($"generation is {cluster.Generation}, not {expected}", []);
                        cluster.JournalLines.Add(record.ToJson());
                    }
                ),
            () => cluster.Change("generation", () => cluster.Generation++)
        );

    public Task<CanaryOrder?> HearAsync(string deploy, CancellationToken cancellationToken) =>
        process.CallAsync<CanaryOrder?>(
            "hear",
            () =>
            {
                ThrowIfLost();
                lock (cluster.Gate)
                {
                    var said = cluster.Word;
                    cluster.Word = null;
                    return said?.Deploy == deploy ? said.Value.Order : null;
                }
            },
            cancellationToken
        );

    public Task SetShareAsync(int share, CancellationToken cancellationToken) =>
        AskAsync(
            "share",
            cancellationToken,
            () => cluster.Change($"share {share} in the file", () => cluster.FileShare = share),
            () =>
                cluster.Change(
                    $"share {share}",
                    () =>
                    {
                        ThrowUnlessTheEdgeAnswers();
                        cluster.Share = share;
                    }
                )
        );

    public async Task<bool> HoldAsync(
        ImmutableDictionary<string, TimeSpan> patience,
        int? until,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        await AskAsync(
            "hold",
            cancellationToken,
            () =>
                cluster.Change(
                    patience.IsEmpty ? "hold nothing" : $"hold {string.Join(", ", patience.Keys.Order())}",
                    () =>
                    {
                        ThrowUnlessTheEdgeAnswers();
                        cluster.Held = ([.. patience.Keys], until);
                    }
                )
        );
        return true;
    }

    public Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) =>
        AskAsync(
            "configure",
            cancellationToken,
            () => cluster.Change("first share", () => cluster.FileShare ??= 0),
            () =>
                cluster.Change(
                    "configure",
                    () =>
                    {
                        cluster.Configuration = configuration.Hash;
                        foreach (
                            var name in cluster.Certificates.Keys.Where(name => !Names(configuration, name)).ToList()
                        )
                            cluster.Certificates.Remove(name);
                    }
                )
        );

    public Task ConfigureDoorAsync(Door door, CancellationToken cancellationToken) =>
        AskAsync(
            $"door {door.Service}",
            cancellationToken,
            () =>
                cluster.Change(
                    $"configure door {door.Service}",
                    () => cluster.DoorConfigurations[door.Service] = door.Hash
                )
        );

    public Task ConfigureGateAsync(PortGate gate, CancellationToken cancellationToken) =>
        AskAsync(
            $"gate {gate}",
            cancellationToken,
            () => cluster.Change($"configure gate {gate}", () => cluster.DoorConfigurations[gate.Name] = gate.Hash)
        );

    public Task PutCertificateAsync(TlsCertificate certificate, CancellationToken cancellationToken) =>
        AskAsync(
            $"certificate {certificate}",
            cancellationToken,
            () =>
                cluster.Change(
                    $"certificate {certificate}",
                    () => cluster.Certificates[certificate.State.Name] = certificate.State
                )
        );

    public Task AnswerChallengesAsync(
        string thumbprint,
        ImmutableArray<string> hosts,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            "challenges",
            cancellationToken,
            () =>
                cluster.Change(
                    $"answer challenges for {string.Join(", ", hosts)}",
                    () =>
                    {
                        ThrowUnlessTheEdgeAnswers();
                        foreach (var host in hosts)
                            cluster.Challenges[host] = thumbprint;
                    }
                )
        );

    public Task AdoptCertificateAsync(
        CertificateState certificate,
        string account,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            $"adopt {certificate.Name}",
            cancellationToken,
            () =>
                cluster.Change($"adopt {certificate.Name}", () => cluster.Certificates[certificate.Name] = certificate)
        );

    public Task HandOverEdgeAsync(CancellationToken cancellationToken) =>
        AskAsync("hand over edge", cancellationToken, () => { });

    public Task ReturnEdgeAsync(CancellationToken cancellationToken) =>
        AskAsync("return edge", cancellationToken, () => { });

    public Task ReloadAsync(CancellationToken cancellationToken) =>
        AskAsync("reload", cancellationToken, () => cluster.Change("reload", ThrowUnlessTheEdgeAnswers));

    public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) =>
        process.CallAsync(
            "sessions",
            () =>
            {
                ThrowIfLost();
                return cluster.Answering.IsRunning
                    ? cluster.OpenSessions
                    : throw new StepFailedException("the edge does not answer", []);
            },
            cancellationToken
        );

    public Task<ImmutableDictionary<string, ImmutableArray<string>>> UsableServersAsync(
        CancellationToken cancellationToken
    ) =>
        process.CallAsync(
            "servers",
            () =>
            {
                ThrowIfLost();
                return cluster.Answering.IsRunning
                    ? cluster.UsableServers()
                    : throw new StepFailedException("the edge does not answer", []);
            },
            cancellationToken
        );

    public ValueTask DisposeAsync()
    {
        Release();
        _lost.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static HostState Read(MemoryCluster cluster)
    {
        lock (cluster.Gate)
            return new HostState(
                cluster.Generation,
                cluster.Answering.IsRunning ? cluster.Share : null,
                cluster.FileShare,
                cluster.Configuration,
                cluster.FreeMegabytes,
                cluster.Journal
            )
            {
                Edge = cluster.Answering.IsRunning ? cluster.Answering.Id : "",
                Now = cluster.HostTime,
                Memory = cluster.Memory,
                Doors = cluster.DoorConfigurations.ToImmutableDictionary(),
                Certificates = [.. cluster.Certificates.Values.OrderBy(one => one.Name, StringComparer.Ordinal)],
                Usable = cluster.Answering.IsRunning ? cluster.UsableServers() : null,
            };
    }

    private Task AskAsync(string request, CancellationToken cancellationToken, params Action[] parts) =>
        process.CallAsync(
            request,
            [
                .. parts.Select(
                    (part, index) =>
                        index > 0
                            ? part
                            : () =>
                            {
                                ThrowIfLost();
                                part();
                            }
                ),
            ],
            cancellationToken
        );

    private static bool Names(EdgeConfiguration configuration, string certificate) =>
        configuration.Text.Contains($"/{certificate}.pem ", StringComparison.Ordinal);

    private void ThrowUnlessTheEdgeAnswers()
    {
        if (!cluster.Answering.IsRunning)
            throw new StepFailedException("the edge does not answer", []);
    }

    private void ThrowIfLost()
    {
        if (_lost.IsCancellationRequested)
            throw new StepFailedException("the deploy lock was lost", []);
    }
}
