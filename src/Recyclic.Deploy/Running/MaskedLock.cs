using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Running;

/// <summary>A lock whose holder writes no secret into the journal, and nothing that a reader's terminal would obey.</summary>
internal sealed class MaskedLock(IHostLock inner, Redactor redactor) : IHostLock
{
    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) =>
        inner.StandBy(app, by, cancellationToken);

    public async Task<ILockedHost> TakeAsync(
        string app,
        string by,
        IStandBy? ready,
        CancellationToken cancellationToken
    ) => new MaskedHost(await inner.TakeAsync(app, by, ready, cancellationToken), redactor);

    public Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken) =>
        inner.QueueAsync(app, by, cancellationToken);

    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) =>
        inner.IsKnownAsync(app, cancellationToken);

    public Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) =>
        inner.PeekAsync(app, cancellationToken);

    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        inner.ReadHolderAsync(app, cancellationToken);

    public Task SayAsync(string app, string deploy, CanaryOrder order, CancellationToken cancellationToken) =>
        inner.SayAsync(app, deploy, order with { By = PrintableText.Of(order.By, 200) }, cancellationToken);

    public Task BreakAsync(string app, CancellationToken cancellationToken) => inner.BreakAsync(app, cancellationToken);
}

/// <inheritdoc cref="MaskedLock"/>
internal sealed class MaskedHost(ILockedHost inner, Redactor redactor) : WrappedHost(inner)
{
    /// <summary>A reason is read in a list; what is longer stands in the log of the command that failed.</summary>
    private const int MostLines = 40;

    private readonly ILockedHost _inner = inner;

    public override Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
        _inner.AppendAsync(Shown(record), cancellationToken);

    public override Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
        _inner.CommitAsync(expected, Shown(record), cancellationToken);

    private JournalRecord Shown(JournalRecord record) =>
        record with
        {
            By = record.By is { } by ? Line(by) : null,
            Step = record.Step is { } step ? Line(step) : null,
            Reason = record.Reason is { } reason ? Lines(reason) : null,
            Approval = record.Approval is { } approval
                ? approval with
                {
                    // By their names people are compared: those are never masked.
                    Approver = PrintableText.Of(approval.Approver),
                    Authors = [.. approval.Authors.Select(author => PrintableText.Of(author))],
                    Override = approval.Override is { } why ? Line(why) : null,
                    Hotfix = approval.Hotfix is { } hotfix ? Line(hotfix) : null,
                    Evidence = [.. approval.Evidence.Select(Line)],
                }
                : null,
        };

    private string Line(string text) => PrintableText.Of(redactor.Redact(text));

    private string Lines(string text) =>
        string.Join('\n', PrintableText.Lines(redactor.Redact(text)).Split('\n').Take(MostLines));
}
