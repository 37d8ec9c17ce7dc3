using System.Collections.Immutable;
using Recyclic.Build.Planning;
using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>
/// Runs a plan: what <see cref="Scheduler"/> finds ready, until a failure or a cancellation; then the targets that
/// undo, then those that are assured.
/// </summary>
internal sealed class BuildRunner(
    BuildSession session,
    ImmutableArray<ExecutableTarget> all,
    CancellationToken cancellationToken
) : IDisposable
{
    private readonly Dictionary<Task<TargetResult>, TargetRun> _running = [];
    private readonly HashSet<TargetRun> _toldSkipped = [];
    private readonly CancellationTokenSource _failFast = CancellationTokenSource.CreateLinkedTokenSource(
        cancellationToken
    );
    private RunGraph _graph = new([]);
    private int? _failureCode;
    private int _begun;
    private TargetRun? _culprit;

    /// <summary>Whether a cancellation kept a target from running or from ending.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether a target ignored its cancellation and may still be at work.</summary>
    public bool HasAbandoned { get; private set; }

    /// <summary>Whether nothing more begins: a target failed, or the build is cancelled.</summary>
    private bool IsLate => _failFast.IsCancellationRequested;

    public void Dispose() => _failFast.Dispose();

    public async Task<int> RunAsync(BuildPlan plan, Continuation continuation)
    {
        _graph = RunGraph.Of([.. plan.Targets.Select(planned => planned.Target)]);
        session.Progress.Runs = [.. plan.Targets.Select((planned, place) => RunOf(planned, place, continuation))];
        await AdvanceAsync(isLast: false);
        await UndoAsync();
        if (IsLate)
        {
            GiveUpTheRest();
            await AdvanceAsync(isLast: true);
            await UndoAsync();
        }
        var cancelled = session.Host.CancelledExitCode();
        if (_failureCode == ExitCodes.Cancelled && cancellationToken.IsCancellationRequested)
            return cancelled;
        return _failureCode ?? (IsCancelled ? cancelled : ExitCodes.Done);
    }

    private static TargetRun RunOf(PlannedTarget planned, int place, Continuation continuation)
    {
        var run = new TargetRun(planned.Target, planned.IsInvoked) { Place = place };
        // What is assured cleans up after others, and they may run again.
        run.IsContinued = !planned.Target.IsAssured && continuation.Done.Contains(planned.Target.Name);
        if ((planned.SkipReason ?? (run.IsContinued ? continuation.Note : null)) is not { } reason)
            return run;
        run.Status = ExecutionStatus.Skipped;
        run.Note($"Skipped: {reason}");
        return run;
    }

    /// <summary>Begins what is ready and waits for what runs, until there is neither.</summary>
    private async Task AdvanceAsync(bool isLast)
    {
        var runs = session.Progress.Runs;
        var first = 0;
        while (true)
        {
            while (isLast || !IsLate)
            {
                for (; first < runs.Count && Scheduler.IsSettled(runs[first].Status); first++)
                    await TellSkippedAsync(runs[first]);
                var ready = Scheduler.Ready(
                    _graph,
                    i => runs[i].Status,
                    _running.Values.Select(run => run.Place),
                    isLast ? 1 : session.Options.Degree,
                    first
                );
                if (ready.IsEmpty)
                    break;
                foreach (var place in ready)
                    if (isLast || !IsLate)
                        Begin(runs[place], isLast);
            }
            if (_running.Count == 0)
                return;
            Settle(await Task.WhenAny(_running.Keys));
        }
    }

    /// <summary>
    /// The plan has skipped it, so it has no turn of its own: it is told when all before it have ended.
    /// </summary>
    private async ValueTask TellSkippedAsync(TargetRun run)
    {
        if (
            run.Status != ExecutionStatus.Skipped
            || run.HasBegun
            || session.Events is not { } events
            || !_toldSkipped.Add(run)
        )
            return;
        session.Progress.Enter(run);
        var result = await events.EndedAsync(run.Target.Name, new(ExecutionStatus.Skipped), cancellationToken);
        if (result.Status == ExecutionStatus.Failed)
            Settle(run, result);
    }

    private void Begin(TargetRun run, bool isLast)
    {
        var task = ExecuteAsync(
            run,
            isLast ? LateToken()
                : run.Target.IsAssured ? cancellationToken
                : _failFast.Token
        );
        _running.Add(task, run);
        // Most targets of a large build only join others, and have ended already.
        if (task.IsCompleted)
            Settle(task);
    }

    /// <summary>
    /// After a failure an assured target may take its time; after a signal somebody waits for the end.
    /// </summary>
    private CancellationToken LateToken() =>
        cancellationToken.IsCancellationRequested
            ? new CancellationTokenSource(session.Options.CancelTimeout, session.Host.Clock).Token
            : CancellationToken.None;

    private async Task<TargetResult> ExecuteAsync(TargetRun run, CancellationToken token)
    {
        session.Progress.Enter(run);
        run.Lane = session.Output.Open(run.Target.Name);
        run.Began = ++_begun;
        run.Status = ExecutionStatus.Running;
        run.StartedAt = session.Host.Clock.GetUtcNow();
        var start = session.Host.Clock.GetTimestamp();
        var execution = new TargetExecution(session, run, token);
        var result = await execution.RunAsync();
        run.Duration = session.Host.Clock.GetElapsedTime(start);
        Log(run, result);
        if (session.Events is { } events)
            result = await events.EndedAsync(run.Target.Name, result, token);
        if (result.Status == ExecutionStatus.Succeeded)
            execution.Confirm();
        session.Output.View.TargetEnded(run, result.Status);
        session.Output.Close(run.Lane!, result.IsAbandoned);
        return result;
    }

    private void Log(TargetRun run, TargetResult result)
    {
        if (result is { Status: ExecutionStatus.Failed, Failure: { } failure })
            session.Output.Log(
                LogEventLevel.Error,
                run.Target.Name,
                ExceptionText.Of(failure, session.Options.Verbosity),
                failure
            );
        else if (result is { Status: ExecutionStatus.Aborted, Failure: { } late and not OperationCanceledException })
            session.Output.Log(
                LogEventLevel.Warning,
                run.Target.Name,
                ExceptionText.Of(late, session.Options.Verbosity)
            );
    }

    private void Settle(Task<TargetResult> task)
    {
        _running.Remove(task, out var run);
        Settle(run!, task.Result);
    }

    private void Settle(TargetRun run, TargetResult result)
    {
        HasAbandoned |= result.IsAbandoned;
        run.Status = result.Status;
        if (result.Status == ExecutionStatus.Aborted)
        {
            IsCancelled |= cancellationToken.IsCancellationRequested;
            if (!cancellationToken.IsCancellationRequested && _culprit is not null)
                run.Note($"cancelled because {_culprit.Target.Name} failed");
        }
        if (result.Status != ExecutionStatus.Failed)
            return;
        run.Note(ExceptionText.Of(result.Failure!, Verbosity.Normal));
        _failureCode ??= result.Failure is TargetFailedException failed ? failed.ExitCode : ExitCodes.Failed;
        if (run.Target.ProceedsAfterFailure)
            return;
        _culprit ??= run;
        _failFast.Cancel();
    }

    private void GiveUpTheRest()
    {
        foreach (
            var run in session.Progress.Runs.Where(r => r.Status == ExecutionStatus.Scheduled && !r.Target.IsAssured)
        )
        {
            run.Status = run.Target.Actions.IsEmpty ? ExecutionStatus.Collective : ExecutionStatus.NotRun;
            IsCancelled |= cancellationToken.IsCancellationRequested && run.Status == ExecutionStatus.NotRun;
        }
    }

    private async Task UndoAsync()
    {
        while (FailureTargets.Next(session.Progress.Runs, all, session.Options.Skip ?? []) is [var target, ..])
        {
            var run = session.Progress.Runs.FirstOrDefault(r => r.Target == target);
            if (run is null)
                session.Progress.Runs =
                [
                    .. session.Progress.Runs,
                    run = new TargetRun(target, isInvoked: false) { IsExtra = true },
                ];
            using var bound = new CancellationTokenSource(
                target.Timeout is null ? session.Options.CancelTimeout : Timeout.InfiniteTimeSpan,
                session.Host.Clock
            );
            var task = ExecuteAsync(run, bound.Token);
            _running.Add(task, run);
            Settle(await Task.WhenAny(task));
        }
    }
}

/// <summary>Exit codes the host itself gives.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misuse = 2;
    public const int Cancelled = 130;
}
