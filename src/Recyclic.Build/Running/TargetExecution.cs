using Recyclic.Build.Changes;
using Recyclic.Build.Output;
using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>How a target ended.</summary>
/// <param name="IsAbandoned">It did not end in time and may still be at work.</param>
internal sealed record TargetResult(ExecutionStatus Status, Exception? Failure = null, bool IsAbandoned = false);

/// <summary>Runs one target: its conditions, its attempts, and the wait for an attempt that was cancelled.</summary>
internal sealed class TargetExecution(BuildSession session, TargetRun run, CancellationToken cancellationToken)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);
    private InputCheck? _inputs;
    private bool _isBarred;

    private TimeSpan Patience => session.Options.CancelTimeout;

    public async Task<TargetResult> RunAsync()
    {
        try
        {
            // A target that undoes has no place in the plan, where static conditions are looked at.
            var conditions = run.IsExtra
                ? run.Target.StaticConditions.Concat(run.Target.DynamicConditions)
                : run.Target.DynamicConditions;
            if (conditions.FirstOrDefault(c => !c.IsMet()) is { } condition)
            {
                run.Note($"Skipped: OnlyWhen: {condition.Text}");
                return new(ExecutionStatus.Skipped);
            }
            // Reading them may take a while, in which other targets begin and end.
            if (run.Target.Inputs.Count > 0 && await Task.Run(HasNothingToDo, CancellationToken.None))
                return new(ExecutionStatus.Skipped);
            if (!run.Target.Actions.IsEmpty)
                _inputs?.Forget();
        }
        catch (Exception exception)
        {
            return new(ExecutionStatus.Failed, ExceptionText.Unwrapped(exception));
        }
        if (run.Target.Actions.IsEmpty)
            return new(ExecutionStatus.Collective);
        session.Output.View.TargetStarted(run);
        return await RetryAsync();
    }

    /// <summary>To be called when the target has succeeded, and nothing can change that any more.</summary>
    public void Confirm()
    {
        if (_inputs?.Record() is { } trouble)
            session.Output.Log(LogEventLevel.Warning, run.Target.Name, trouble);
    }

    /// <summary>
    /// Whether its inputs, and all else that it is known to depend on, are as they were when it last succeeded.
    /// </summary>
    private bool HasNothingToDo()
    {
        _inputs = InputCheck.Of(session, run.Target);
        foreach (var warning in _inputs.Warnings)
            session.Output.Log(LogEventLevel.Warning, run.Target.Name, warning);
        run.Note(_inputs.IsUnchanged ? $"Skipped: {_inputs.Reason}" : $"ran because {_inputs.Reason}");
        return _inputs.IsUnchanged;
    }

    private async Task<TargetResult> RetryAsync()
    {
        var pause = FirstPause;
        while (true)
        {
            run.Attempts++;
            run.Parts = [];
            var result = await AttemptAsync();
            if (
                result.Status != ExecutionStatus.Failed
                || result.IsAbandoned
                || _isBarred
                || run.Attempts > run.Target.Retries
            )
                return result;
            session.Output.Log(
                LogEventLevel.Warning,
                run.Target.Name,
                $"attempt {run.Attempts} of {run.Target.Retries + 1} failed: {ExceptionText.Of(result.Failure!, session.Options.Verbosity)}; trying again in {pause.TotalSeconds:0} s"
            );
            await ((Task)Task.Delay(pause, session.Host.Clock, cancellationToken)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing
            );
            if (cancellationToken.IsCancellationRequested)
                return result with { Status = ExecutionStatus.Aborted };
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task<TargetResult> AttemptAsync()
    {
        var limit =
            run.Target.Timeout is { } timeout && timeout < LongestTimer
                ? timeout
                : System.Threading.Timeout.InfiniteTimeSpan;
        using var deadline = new CancellationTokenSource(limit, session.Host.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        // On the thread pool, so that an action that blocks does not block the host's own waits.
        var work = Task.Run(() => ActAsync(either.Token), CancellationToken.None);
        await ((Task)work.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
            await ((Task)work.WaitAsync(Patience, session.Host.Clock)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing
            );
        return ResultOf(
            work,
            isTimedOut: deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested
        );
    }

    private async Task ActAsync(CancellationToken token)
    {
        if (run.Attempts == 1)
        {
            _isBarred = true;
            session.Events?.Running(run.Target.Name);
            _isBarred = false;
        }
        var tests = run.Target.RunsTests && !session.Options.DryRun ? TestTally.Begin() : null;
        foreach (var action in run.Target.Actions)
        {
            token.ThrowIfCancellationRequested();
            await action(token);
        }
        tests?.Check(run.Target.Name);
    }

    private TargetResult ResultOf(Task work, bool isTimedOut)
    {
        if (work.IsCompletedSuccessfully)
            return new(ExecutionStatus.Succeeded);
        var failure = work.Exception is { } thrown ? ExceptionText.Unwrapped(thrown) : null;
        if (!work.IsCompleted)
        {
            run.Note($"left behind: it ignored its cancellation for {SummaryText.Seconds(Patience)}");
            _ = work.ContinueWith(
                static ended => _ = ended.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        if (isTimedOut)
            return new(ExecutionStatus.Failed, TimedOut(failure, !work.IsCompleted), !work.IsCompleted);
        var isCancelled = cancellationToken.IsCancellationRequested && failure is not TargetFailedException;
        if (isCancelled || !work.IsCompleted)
            return new(ExecutionStatus.Aborted, failure, !work.IsCompleted);
        return new(ExecutionStatus.Failed, failure ?? new OperationCanceledException("the target cancelled itself"));
    }

    private TargetFailedException TimedOut(Exception? failure, bool isAbandoned)
    {
        var text =
            $"{run.Target.Name} did not end within its timeout of {SummaryText.Seconds(run.Target.Timeout!.Value)}";
        if (isAbandoned)
            text +=
                $", and ignored its cancellation for {SummaryText.Seconds(Patience)} more; it was left behind. Pass its token to what it waits for";
        else if (failure is not null)
            text += $"; it ended with {ExceptionText.Of(failure, Verbosity.Normal)}";
        return new(text, inner: failure);
    }
}
