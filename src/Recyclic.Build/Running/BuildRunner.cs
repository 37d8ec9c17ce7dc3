using Recyclic.Build.Output;
using Recyclic.Build.Planning;
using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>Runs a plan, one target after the other.</summary>
internal sealed class BuildRunner(BuildSession session, CancellationToken cancellationToken)
{
    private int? _failureCode;
    private bool _isStopped;

    public bool IsCancelled { get; private set; }

    public async Task<int> RunAsync(BuildPlan plan)
    {
        session.Progress.Runs = [.. plan.Targets.Select(RunOf)];
        foreach (var run in session.Progress.Runs.Where(r => r.Status == ExecutionStatus.Scheduled))
        {
            session.Progress.Running = run;
            await VisitAsync(run);
        }
        session.Progress.Running = null;
        return _failureCode ?? (IsCancelled ? ExitCodes.Cancelled : ExitCodes.Done);
    }

    private static TargetRun RunOf(PlannedTarget planned)
    {
        var run = new TargetRun(planned.Target, planned.IsInvoked);
        if (planned.SkipReason is not { } reason) return run;
        run.Status = ExecutionStatus.Skipped;
        run.Notes.Add($"Skipped: {reason}");
        return run;
    }

    private async Task VisitAsync(TargetRun run)
    {
        var isLate = _isStopped || cancellationToken.IsCancellationRequested;
        if (isLate && !run.Target.IsAssured)
        {
            run.Status = run.Target.Actions.IsEmpty ? ExecutionStatus.Collective : ExecutionStatus.NotRun;
            IsCancelled |= cancellationToken.IsCancellationRequested && run.Status == ExecutionStatus.NotRun;
            return;
        }
        await ExecuteAsync(run, isLate ? CancellationToken.None : cancellationToken);
    }

    private async Task ExecuteAsync(TargetRun run, CancellationToken token)
    {
        var start = session.Host.Clock.GetTimestamp();
        run.Status = ExecutionStatus.Running;
        try
        {
            run.Status = await ActAsync(run, token);
        }
        catch (Exception exception)
        {
            Fail(run, ExceptionText.Unwrapped(exception), token.IsCancellationRequested);
        }
        run.Duration = session.Host.Clock.GetElapsedTime(start);
    }

    private async Task<ExecutionStatus> ActAsync(TargetRun run, CancellationToken token)
    {
        var target = run.Target;
        if (target.DynamicConditions.FirstOrDefault(c => !c.Holds()) is { } condition)
        {
            run.Notes.Add($"Skipped: OnlyWhen: {condition.Text}");
            return ExecutionStatus.Skipped;
        }
        if (target.Actions.IsEmpty) return ExecutionStatus.Collective;
        Heading(target.Name);
        foreach (var action in target.Actions)
        {
            token.ThrowIfCancellationRequested();
            await action(token);
        }
        return ExecutionStatus.Succeeded;
    }

    private void Heading(string name)
    {
        if (session.Output.Verbosity is Verbosity.Quiet) return;
        foreach (var line in SummaryText.Heading(name, session.Output.Paint)) session.Output.Line(line);
    }

    private void Fail(TargetRun run, Exception exception, bool isCancelled)
    {
        if (isCancelled && exception is not TargetFailedException)
        {
            run.Status = ExecutionStatus.Aborted;
            IsCancelled = true;
            if (exception is not OperationCanceledException) Say(LogEventLevel.Warning, run, exception);
            return;
        }
        run.Status = ExecutionStatus.Failed;
        run.Notes.Add(ExceptionText.Of(exception, Verbosity.Normal));
        Say(LogEventLevel.Error, run, exception);
        _failureCode ??= exception is TargetFailedException failed ? failed.ExitCode : ExitCodes.Failed;
        _isStopped |= !run.Target.ProceedsAfterFailure;
    }

    private void Say(LogEventLevel level, TargetRun run, Exception exception) =>
        session.Output.Log(level, run.Target.Name, ExceptionText.Of(exception, session.Options.Verbosity));
}

/// <summary>Exit codes the host itself gives.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misuse = 2;
    public const int Cancelled = 130;
}
