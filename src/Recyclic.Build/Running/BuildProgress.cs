namespace Recyclic.Build.Running;

/// <summary>How one target of a run has fared.</summary>
internal sealed class TargetRun(ExecutableTarget target, bool isInvoked)
{
    public ExecutableTarget Target { get; } = target;
    public bool IsInvoked { get; } = isInvoked;
    public ExecutionStatus Status { get; set; } = ExecutionStatus.Scheduled;
    public TimeSpan Duration { get; set; }
    public List<string> Notes { get; } = [];
}

/// <summary>How a run has fared so far.</summary>
internal sealed class BuildProgress
{
    public IReadOnlyList<TargetRun> Runs { get; set; } = [];
    public TargetRun? Running { get; set; }
    public string RunningName => Running?.Target.Name ?? "";
    public IReadOnlyCollection<ExecutableTarget> Invoked => [.. Runs.Where(r => r.IsInvoked).Select(r => r.Target)];
    public bool IsFailing => Runs.Any(r => r.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    public IReadOnlyCollection<ExecutableTarget> With(ExecutionStatus status) => [.. Runs.Where(r => r.Status == status).Select(r => r.Target)];

    public void Report(string key, string value) => Running?.Notes.Add($"{key}: {value}");
}
