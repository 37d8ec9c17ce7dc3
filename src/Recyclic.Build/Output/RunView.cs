using Recyclic.Build.Running;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>A run that is over.</summary>
internal sealed record RunEnd(int ExitCode, bool IsCancelled, TimeSpan Duration, IReadOnlyList<TargetRun> Runs)
{
    public string Outcome =>
        IsCancelled ? "cancelled"
        : ExitCode == 0 ? "succeeded"
        : "failed";
}

/// <summary>How a run looks to who reads it: a person, a workflow's log, a program.</summary>
internal abstract class RunView(BuildOutput output)
{
    protected BuildOutput Output { get; } = output;

    /// <summary>Whether a person may be shown the beginning of a line, such as a question.</summary>
    public virtual bool ShowsPartsOfLines => true;

    /// <summary>A line as a target wrote it.</summary>
    public abstract string Line(string target, string text);

    public abstract string Logged(LogEventLevel level, string target, string text, Exception? failure);

    public abstract void Started(string version);

    public abstract void TargetStarted(TargetRun run);

    public abstract void TargetEnded(TargetRun run, ExecutionStatus status);

    public abstract void Ended(RunEnd end);
}
