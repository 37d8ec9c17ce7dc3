using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Runs a plan. An undo is registered before its step runs, since a failed step may have half happened; undos run
/// newest first on a fresh token; the first error stays the cause. What a failure means is the phase's affair alone.
/// </summary>
internal sealed class PlanRunner(
    string deployId,
    IStepExecutor executor,
    ILockedHost host,
    IDeployReporter audience,
    TimeProvider time,
    OutOfMemoryGuard? guard = null
)
{
    /// <summary>How long all undos of one plan may take together.</summary>
    public static readonly TimeSpan UndoDeadline = TimeSpan.FromMinutes(5);

    private readonly CalmReporter _reporter = new(audience);
    private readonly Stack<DeployStep> _undos = new();
    private readonly List<string> _warnings = [];
    private Task _lastRecord = Task.CompletedTask;

    public async Task<DeployOutcome> RunAsync(DeployPlan plan, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Lost);
        using var guarded = CancellationTokenSource.CreateLinkedTokenSource(
            stop.Token,
            guard?.Fired ?? CancellationToken.None
        );
        StepFailure? failure = null;
        var number = 0;
        foreach (var step in plan.Steps)
        {
            number++;
            var token = step.Phase == Phase.Retire ? stop.Token : guarded.Token;
            if (await TryRunAsync(number, plan.Steps.Length, step, token, cancellationToken) is not { } failed)
                continue;
            if (step.Phase == Phase.Retire)
            {
                _warnings.Add($"step {number}: {step.Action.Describe()}: {failed.Cause.Message}");
                _reporter.Warn(_warnings[^1]);
                continue;
            }
            failure = failed;
            break;
        }
        await SettleAsync(_lastRecord);
        if (failure is null && guard?.Story is { } story)
        {
            _warnings.Add($"{story}, after the point of no return");
            _reporter.Warn(_warnings[^1]);
        }
        if (failure is null)
            return new DeployOutcome(
                plan,
                Outcome.Success,
                time.GetElapsedTime(started),
                null,
                null,
                null,
                [],
                [],
                [.. _warnings]
            );

        var stays = failure.Cause is StepFailedException { Stays: true };
        var (undone, undoFailures) = stays ? ([], []) : await UndoAsync(failure);
        var outcome =
            stays || undoFailures.Length > 0 || host.Lost.IsCancellationRequested ? Outcome.Failed
            : cancellationToken.IsCancellationRequested ? Outcome.Cancelled
            : Outcome.Undone;
        return new DeployOutcome(
            plan,
            outcome,
            time.GetElapsedTime(started),
            null,
            null,
            failure,
            undone,
            undoFailures,
            [.. _warnings]
        );
    }

    private async Task<StepFailure?> TryRunAsync(
        int number,
        int of,
        PlannedStep step,
        CancellationToken cancellationToken,
        CancellationToken interrupted
    )
    {
        var started = time.GetTimestamp();
        var registered = false;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _reporter.StepStarted(number, of, step);
            await RecordAsync(
                new JournalRecord(time.GetUtcNow(), deployId, JournalKind.StepBegun)
                {
                    Number = number,
                    Step = step.Action.Describe(),
                },
                cancellationToken
            );
            foreach (var undo in step.Undo.Reverse())
                _undos.Push(undo);
            registered = true;
            await executor.ExecuteAsync(step.Action, cancellationToken);
            _reporter.StepEnded(number, step, time.GetElapsedTime(started));
            _lastRecord = host.AppendAsync(
                new JournalRecord(time.GetUtcNow(), deployId, JournalKind.StepEnded) { Number = number },
                CancellationToken.None
            );
            return null;
        }
        catch (Exception thrown)
        {
            var exception = await CauseAsync(thrown, interrupted);
            _reporter.StepFailed(
                number,
                step,
                exception is OperationCanceledException ? "cancelled" : exception.Message
            );
            if (!registered)
                _reporter.Note("nothing of this step was done");
            return new StepFailure(number, of, step.Action, exception);
        }
    }

    /// <summary>What a step ended by, where that was not its own affair.</summary>
    private async Task<Exception> CauseAsync(Exception thrown, CancellationToken interrupted) =>
        thrown is StepFailedException failed && guard?.Story is { } story && failed.Message != story
            ? failed.With($"meanwhile {story}")
        : thrown is not OperationCanceledException ? thrown
        : host.Lost.IsCancellationRequested
            ? new StepFailedException(
                "the deploy lock was lost while the step ran",
                ["whoever has the lock now recovers what was begun; this command touches nothing any more"]
            )
        : guard?.Fired.IsCancellationRequested == true && !interrupted.IsCancellationRequested
            ? await guard.FailureAsync()
        : thrown;

    private async Task<(ImmutableArray<DeployStep> Undone, ImmutableArray<StepFailure> Failures)> UndoAsync(
        StepFailure failure
    )
    {
        // Without the lock another deploy may be at work already: hands off.
        if (host.Lost.IsCancellationRequested)
            return ([], []);
        using var deadline = new CancellationTokenSource(UndoDeadline, time);
        var undone = ImmutableArray.CreateBuilder<DeployStep>();
        var failures = ImmutableArray.CreateBuilder<StepFailure>();
        foreach (var undo in _undos.Distinct())
        {
            // Lost on the way: whoever has the lock by now may have moved users to what the next undo would take away.
            if (host.Lost.IsCancellationRequested)
                break;
            try
            {
                _reporter.UndoStarted(undo);
                await RecordUndoAsync(undo, deadline.Token);
                await executor.ExecuteAsync(undo, deadline.Token);
                undone.Add(undo);
            }
            catch (Exception exception)
            {
                // One undo that fails does not keep the others from running: each brings users nearer to where they
                // were.
                _reporter.UndoFailed(undo, exception.Message);
                failures.Add(new StepFailure(failure.Number, failure.Of, undo, exception));
                // Users could not be moved back: what they are on stays, and the next command puts the rest right.
                if (undo.MovesUsers)
                    break;
            }
        }
        return (undone.ToImmutable(), failures.ToImmutable());
    }

    /// <summary>
    /// A step begins only when its record is on the host; the record of the step before it has been on its way
    /// meanwhile.
    /// </summary>
    private async Task RecordAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        await _lastRecord;
        await host.AppendAsync(record, cancellationToken);
    }

    /// <summary>
    /// A journal that cannot be written, tried twice, stops a deploy, but not its undo: users come first.
    /// </summary>
    private async Task RecordUndoAsync(DeployStep undo, CancellationToken cancellationToken)
    {
        await SettleAsync(_lastRecord);
        _lastRecord = Task.CompletedTask;
        var record = new JournalRecord(time.GetUtcNow(), deployId, JournalKind.UndoBegun) { Step = undo.Describe() };
        try
        {
            await host.AppendAsync(record, cancellationToken);
        }
        catch (Exception)
        {
            // Twice in the journal, if only the answer was lost, says the same as once.
            await SettleAsync(host.AppendAsync(record, cancellationToken));
        }
    }

    private async Task SettleAsync(Task record)
    {
        try
        {
            await record;
        }
        catch (Exception exception)
        {
            _warnings.Add($"a journal record was not written: {exception.Message}");
        }
    }
}
