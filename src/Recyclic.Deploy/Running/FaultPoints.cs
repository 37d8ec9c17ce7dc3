using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The one place where a test reaches into a deploy: a lock whose holder is struck by a fault just before or just after
/// it writes a certain journal record. Everything else passes through.
/// </summary>
/// <param name="strike">Inflicts a fault; may not return, may throw.</param>
public sealed class FaultPoints(IHostLock inner, Fault fault, Func<Fault, Task> strike) : IHostLock
{
    /// <inheritdoc/>
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) =>
        inner.StandBy(app, by, cancellationToken);

    /// <inheritdoc/>
    public async Task<ILockedHost> TakeAsync(
        string app,
        string by,
        IStandBy? ready,
        CancellationToken cancellationToken
    ) => new StruckHost(await inner.TakeAsync(app, by, ready, cancellationToken), fault, strike);

    /// <inheritdoc/>
    public Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken) =>
        inner.QueueAsync(app, by, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) =>
        inner.IsKnownAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) =>
        inner.PeekAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        inner.ReadHolderAsync(app, cancellationToken);

    /// <inheritdoc/>
    public Task SayAsync(string app, string deploy, CanaryOrder order, CancellationToken cancellationToken) =>
        inner.SayAsync(app, deploy, order, cancellationToken);

    /// <inheritdoc/>
    public Task BreakAsync(string app, CancellationToken cancellationToken) => inner.BreakAsync(app, cancellationToken);

    private sealed class StruckHost(ILockedHost inner, Fault fault, Func<Fault, Task> strike) : WrappedHost(inner)
    {
        private int _written;

        private readonly ILockedHost _inner = inner;

        public override Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
            WriteAsync(record.Kind, () => _inner.AppendAsync(record, cancellationToken));

        public override Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
            WriteAsync(record.Kind, () => _inner.CommitAsync(expected, record, cancellationToken));

        private async Task WriteAsync(JournalKind kind, Func<Task> write)
        {
            var isAt = kind == fault.Point.Kind && Interlocked.Increment(ref _written) == fault.Point.Number;
            if (isAt && fault.Point.Moment == FaultMoment.Before)
                await strike(fault);
            await write();
            if (isAt && fault.Point.Moment == FaultMoment.After)
                await strike(fault);
        }
    }
}
