namespace Recyclic.Deploy.Testing;

/// <summary>
/// The deploy lock of a <see cref="MemoryCluster"/> as one process reaches it; gone when that process dies.
/// </summary>
internal sealed class MemoryLock(MemoryCluster cluster, MemoryProcess process, TimeProvider time) : IHostLock
{
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) => new MemoryStandBy();

    public Task<ILockedHost> TakeAsync(string app, string by, IStandBy? ready, CancellationToken cancellationToken) =>
        process.CallAsync<ILockedHost>(
            "take lock",
            () =>
            {
                var mine = new LockHolder(by, time.GetUtcNow(), null);
                lock (cluster.Gate)
                {
                    if (cluster.Holder is { } holder)
                        throw new LockHeldException(holder, cluster.Journal.Interrupted?.Step);
                    cluster.Holder = mine;
                }
                var host = new MemoryLockedHost(cluster, process, mine);
                process.OnDeath = host.Release;
                process.LosesLock = cluster.TakesLockAway = host.Lose;
                return host;
            },
            cancellationToken
        );

    public Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken) =>
        process.CallAsync<IQueuePlace>("queue", () => new MemoryQueuePlace(cluster, time), cancellationToken);

    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) =>
        process.CallAsync("known", () => !cluster.Journal.Records.IsEmpty, cancellationToken);

    public Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) =>
        process.CallAsync("peek", () => MemoryLockedHost.Read(cluster), cancellationToken);

    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        process.CallAsync("holder", () => cluster.Holder, cancellationToken);

    public Task SayAsync(string app, string deploy, CanaryOrder order, CancellationToken cancellationToken) =>
        process.CallAsync(
            $"say {order.Word}",
            () =>
            {
                lock (cluster.Gate)
                    cluster.Word = (deploy, order);
            },
            cancellationToken
        );

    public Task BreakAsync(string app, CancellationToken cancellationToken) =>
        process.CallAsync(
            "break lock",
            () =>
            {
                if (cluster.Holder is not null)
                    cluster.TakesLockAway?.Invoke();
            },
            cancellationToken
        );
}

internal sealed class MemoryQueuePlace : IQueuePlace
{
    private readonly MemoryCluster _cluster;
    private readonly TimeProvider _time;

    public MemoryQueuePlace(MemoryCluster cluster, TimeProvider time)
    {
        (_cluster, _time) = (cluster, time);
        lock (cluster.Gate)
            cluster.Queue.Add(this);
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!IsMyTurn())
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        lock (_cluster.Gate)
            _cluster.Queue.Remove(this);
        return ValueTask.CompletedTask;
    }

    private bool IsMyTurn()
    {
        lock (_cluster.Gate)
            return _cluster.Holder is null && _cluster.Queue[0] == this;
    }
}

internal sealed class MemoryStandBy : IStandBy
{
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
