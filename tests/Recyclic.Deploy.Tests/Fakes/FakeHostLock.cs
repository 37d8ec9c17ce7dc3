namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>The deploy lock of a <see cref="FakeCluster"/> as one process reaches it; gone when that process dies.</summary>
internal sealed class FakeHostLock(FakeCluster cluster, FakeProcess process, TimeProvider time) : IHostLock
{
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) => new FakeStandBy();

    public Task<ILockedHost> TakeAsync(string app, string by, IStandBy? ready, CancellationToken cancellationToken) => process.CallAsync<ILockedHost>("take lock", () =>
    {
        lock (cluster.Gate)
        {
            if (cluster.Holder is { } holder) throw new LockHeldException(holder, cluster.Journal.Interrupted?.Step);
            cluster.Holder = new LockHolder(by, time.GetUtcNow(), null);
        }
        process.OnDeath = () => cluster.Holder = null;
        return new FakeLockedHost(cluster, process);
    }, cancellationToken);

    public async Task WaitAsync(string app, CancellationToken cancellationToken)
    {
        while (cluster.Holder is not null) await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
    }

    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) => process.CallAsync("known", () => !cluster.Journal.Records.IsEmpty, cancellationToken);

    public Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) => process.CallAsync("peek", () => FakeLockedHost.Read(cluster), cancellationToken);

    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) => process.CallAsync("holder", () => cluster.Holder, cancellationToken);

    public Task BreakAsync(string app, CancellationToken cancellationToken) => process.CallAsync("break lock", () => cluster.Holder = null, cancellationToken);
}

internal sealed class FakeStandBy : IStandBy
{
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class FakeLockedHost(FakeCluster cluster, FakeProcess process) : ILockedHost
{
    private readonly CancellationTokenSource _lost = new();

    public CancellationToken Lost => _lost.Token;

    public Task LoseAsync() => _lost.CancelAsync();

    public Task<HostState> ReadAsync(CancellationToken cancellationToken) => process.CallAsync("read host", () => Read(cluster), cancellationToken);

    public async Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        if (record.Kind == JournalKind.StepBegun) await process.Listens.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        await process.CallAsync($"append {record.Kind}", () => cluster.Change($"journal: {record.Kind} {record.Step}".TrimEnd(), () => cluster.JournalLines.Add(record.ToJson())), cancellationToken);
    }

    public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) => process.CallAsync("commit", () => cluster.Change($"commit {record.Release!.Tag}", () =>
    {
        if (cluster.Generation != expected) throw new StepFailedException($"generation is {cluster.Generation}, not {expected}", []);
        cluster.JournalLines.Add(record.ToJson());
        cluster.Generation++;
    }), cancellationToken);

    public Task SetShareAsync(int share, CancellationToken cancellationToken) => process.CallAsync("share", () => cluster.Change($"share {share}", () =>
    {
        cluster.FileShare = share;
        if (!cluster.Edge.IsRunning) throw new StepFailedException("the edge does not answer", []);
        cluster.Share = share;
    }), cancellationToken);

    public Task ConfigureAsync(EdgeConfiguration configuration, CancellationToken cancellationToken) => process.CallAsync("configure", () => cluster.Change("configure", () =>
    {
        cluster.FileShare ??= 0;
        cluster.Configuration = configuration.Hash;
    }), cancellationToken);

    public Task ReloadAsync(CancellationToken cancellationToken) => process.CallAsync("reload", () => cluster.Change("reload", () => { }), cancellationToken);

    public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) => process.CallAsync("sessions", () => cluster.OpenSessions, cancellationToken);

    public Task<ImmutableDictionary<string, int>> UsableServersAsync(CancellationToken cancellationToken) => process.CallAsync("servers", () =>
    {
        lock (cluster.Gate)
            return cluster.Containers.Where(container => container.IsRunning)
                .SelectMany(container => Route.FromLabel(container.Label(Naming.RoutesLabel)).Select(route => EdgeConfiguration.BackendName(route, Slots.Parse(container.Label(Naming.SlotLabel))!.Value)))
                .CountBy(backend => backend).ToImmutableDictionary();
    }, cancellationToken);

    public ValueTask DisposeAsync()
    {
        cluster.Holder = null;
        _lost.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static HostState Read(FakeCluster cluster)
    {
        lock (cluster.Gate)
            return new HostState(cluster.Generation, cluster.Edge.IsRunning ? cluster.Share : null, cluster.FileShare, cluster.Configuration, cluster.FreeMegabytes, cluster.Journal);
    }
}
