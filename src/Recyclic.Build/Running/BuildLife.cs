using System.Collections.Immutable;
using Recyclic.Build.Adapters;
using Recyclic.Build.Definition;
using Recyclic.Build.Output;
using Recyclic.Build.Planning;
using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>What surrounds the targets of a run: first line, summary, report, the build's own callbacks.</summary>
internal sealed class BuildLife(RecyclicBuild build, BuildSession session, ImmutableArray<ExecutableTarget> all)
{
    private readonly BuildOutput _output = session.Output;
    private readonly BuildHost _host = session.Host;
    private readonly RunReportFiles _files = new(session.RootDirectory / ".nuke" / "temp");

    /// <summary>What <c>--continue</c> takes over from the last run; without it nothing.</summary>
    public Continuation Continuation(BuildPlan plan) =>
        session.Options.Continue
            ? Running.Continuation.Of(_files.ReadLast(), RequestOf(plan))
            : Running.Continuation.None;

    public async Task<int> RunAsync(BuildPlan plan, Continuation continuation, CancellationToken cancellationToken)
    {
        LogSink.Install();
        _output.View = ViewOf();
        KeepMasked();
        if (!session.Options.NoLogo)
            _output.View.Started(BuildEntry.VersionText);
        build.OnBuildInitialized();
        var startedAt = _host.Clock.GetUtcNow();
        var start = _host.Clock.GetTimestamp();
        session.Events = new(build, session);
        using var runner = new BuildRunner(session, all, cancellationToken);
        session.EndEarly = reason => EndEarly(reason, plan, startedAt, start);
        var exitCode = await runner.RunAsync(plan, continuation);
        session.EndEarly = null;
        session.HasAbandoned = runner.HasAbandoned;
        var isCancelled = runner.IsCancelled && exitCode == _host.CancelledExitCode();
        End(
            new(exitCode, isCancelled, _host.Clock.GetElapsedTime(start), session.Progress.Runs),
            RequestOf(plan),
            startedAt
        );
        return Finish(exitCode);
    }

    /// <summary>The run has its outcome; what the build's own callback throws must not take its place.</summary>
    private int Finish(int exitCode)
    {
        try
        {
            build.OnBuildFinished();
            return exitCode;
        }
        catch (Exception exception)
        {
            _output.ErrorLine(
                $"{_output.Paint.Red("error: ")}OnBuildFinished of {build.GetType().Name} threw: {ExceptionText.Of(exception, session.Options.Verbosity)}"
            );
            return exitCode != ExitCodes.Done
                ? exitCode
                : (exception as TargetFailedException)?.ExitCode ?? ExitCodes.Failed;
        }
    }

    private RunView ViewOf() =>
        session.Options.Log == LogFormat.Json ? new JsonView(_output)
        : IsGitHub ? new GitHubView(_output, Variable("GITHUB_WORKSPACE") ?? session.RootDirectory)
        : new TextView(_output);

    private bool IsGitHub => Variable("GITHUB_ACTIONS") == "true";

    private string? Variable(string name) =>
        _host.Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>On GitHub the runner masks too what programs print past us.</summary>
    private void KeepMasked()
    {
        if (!IsGitHub)
            return;
        foreach (var secret in _output.Redactor.Secrets)
            Mask(secret);
        _output.Redactor.Added = Mask;

        void Mask(string secret)
        {
            foreach (var command in GitHubCommand.Masks(secret))
                _output.Command(command);
        }
    }

    private void End(RunEnd end, RunRequest request, DateTimeOffset startedAt)
    {
        if (_host.KeepsReports && _files.ReadLast() is { } last && last.Request.IsDryRun == request.IsDryRun)
            foreach (var run in end.Runs)
                run.Change = RunChanges.Of(run, last);
        var trouble = _host.KeepsReports ? _files.Write(RunReport.Of(end, request, startedAt, _output.Redactor)) : null;
        if (trouble is not null)
            _output.Log(LogEventLevel.Warning, "", trouble);
        HandOnOutputs(end);
        _output.View.Ended(end);
        if (
            IsGitHub
            && Variable("GITHUB_STEP_SUMMARY") is { } file
            && StepSummary.Append(file, StepSummaryText.Of(end, _output)) is { } problem
        )
            _output.Log(LogEventLevel.Warning, "", problem);
    }

    /// <summary>In a workflow other jobs read what this one's targets have set.</summary>
    private void HandOnOutputs(RunEnd end)
    {
        if (session.Options.DryRun)
            return;
        var outputs = end
            .Runs.Where(run => run.Status == ExecutionStatus.Succeeded)
            .SelectMany(run => run.Target.Outputs);
        var troubles =
            IsGitHub && Variable("GITHUB_OUTPUT") is { } file ? StepOutputs.Append(file, outputs, _output.Redactor)
            : Variable(OutputText.FileVariable) is { } variables
                ? VariablesFile.Write(Path.Combine(session.RootDirectory, variables), outputs, _output.Redactor)
            : [];
        foreach (var trouble in troubles)
            _output.Log(LogEventLevel.Warning, "", trouble);
    }

    private void EndEarly(string reason, BuildPlan plan, DateTimeOffset startedAt, long start)
    {
        session.EndEarly = null;
        foreach (var run in session.Progress.Runs)
        {
            if (run.Status == ExecutionStatus.Scheduled)
                run.Status = ExecutionStatus.NotRun;
            if (run.Status != ExecutionStatus.Running)
                continue;
            run.Status = ExecutionStatus.Failed;
            run.Note(reason.Split('\n')[0]);
            _output.Log(LogEventLevel.Error, run.Target.Name, $"{run.Target.Name} failed: {reason}");
            _output.Close(run.Lane!, isAbandoned: true);
        }
        End(
            new(ExitCodes.Failed, IsCancelled: false, _host.Clock.GetElapsedTime(start), session.Progress.Runs),
            RequestOf(plan),
            startedAt
        );
    }

    private RunRequest RequestOf(BuildPlan plan) =>
        RunRequest.Of(session, plan.Targets.Where(planned => planned.IsInvoked).Select(planned => planned.Target.Name));
}
