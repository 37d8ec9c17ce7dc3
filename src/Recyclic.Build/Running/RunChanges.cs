namespace Recyclic.Build.Running;

/// <summary>How the durations of a run compare with those of the last one. Pure.</summary>
internal static class RunChanges
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The change, when both runs did the target and it is a second and a tenth of the time at least; otherwise null.
    /// </summary>
    public static TimeSpan? Of(TargetRun run, RunReport? last)
    {
        if (run.Status != ExecutionStatus.Succeeded)
            return null;
        if (
            last?.Targets.FirstOrDefault(target => target.Name == run.Target.Name)
            is not { Status: ExecutionStatus.Succeeded } before
        )
            return null;
        var longer = run.Duration - before.Duration;
        return longer.Duration() >= Least && longer.Duration() >= before.Duration / 10 ? longer : null;
    }
}
