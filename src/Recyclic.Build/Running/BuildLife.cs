using Recyclic.Build.Output;
using Recyclic.Build.Planning;

namespace Recyclic.Build.Running;

/// <summary>What surrounds the targets of a run: first line, summary, the build's own callbacks.</summary>
internal sealed class BuildLife(RecyclicBuild build, BuildSession session)
{
    private readonly BuildOutput _output = session.Output;

    public async Task<int> RunAsync(BuildPlan plan, CancellationToken cancellationToken)
    {
        LogSink.Install();
        if (!session.Options.NoLogo && session.Options.Verbosity <= Verbosity.Normal) _output.Line(BuildEntry.VersionText);
        build.OnBuildInitialized();
        var runner = new BuildRunner(session, cancellationToken);
        var exitCode = await runner.RunAsync(plan);
        if (session.Options.Verbosity != Verbosity.Quiet) Summarise(exitCode, runner.IsCancelled && exitCode == ExitCodes.Cancelled);
        build.OnBuildFinished();
        return exitCode;
    }

    private void Summarise(int exitCode, bool isCancelled)
    {
        if (_output.Problems.Count > 0) Print(SummaryText.Problems(_output));
        Print(SummaryText.Table(session.Progress.Runs, _output.Paint));
        _output.Line();
        _output.Line(SummaryText.Outcome(exitCode, isCancelled, session.Host.Clock.GetLocalNow(), _output.Paint));
    }

    private void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines) _output.Line(line);
    }
}
