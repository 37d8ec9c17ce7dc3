using Recyclic.Build.CI;
using Recyclic.Build.Running;

namespace Recyclic.Build;

/// <content>Where the build runs and how far it has come.</content>
public abstract partial class RecyclicBuild
{
    /// <summary>Where the build runs: <c>Host is GitHubActions</c>, <c>Host is Terminal</c>.</summary>
    public static Host Host => Host.Of(BuildSession.Current.Host.Environment);

    /// <summary>Whether a build server runs the build: <c>CI</c> or a variable of a known server is set.</summary>
    public static bool IsServerBuild => BuildServer.IsMeantBy(BuildSession.Current.Host.Environment);

    /// <summary>Whether a person runs the build.</summary>
    public static bool IsLocalBuild => !IsServerBuild;

    /// <summary>The targets of the plan in their order, skipped ones too.</summary>
    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan => [.. _session.Progress.Runs.Select(run => run.Target)];

    /// <summary>Targets that run now.</summary>
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => _session.Progress.With(ExecutionStatus.Running);

    /// <summary>Targets that were cancelled while they ran.</summary>
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => _session.Progress.With(ExecutionStatus.Aborted);

    /// <summary>Targets that have run or will not run.</summary>
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets =>
        [
            .. _session
                .Progress.Runs.Where(run => run.Status is not (ExecutionStatus.Scheduled or ExecutionStatus.Running))
                .Select(run => run.Target),
        ];

    /// <summary>Whether no target is left to run.</summary>
    public bool IsFinished => FinishedTargets.Count == ExecutionPlan.Count;

    Host IRecyclicBuild.Host => Host.Of(_session.Host.Environment);
    bool IRecyclicBuild.IsServerBuild => BuildServer.IsMeantBy(_session.Host.Environment);
    bool IRecyclicBuild.IsLocalBuild => !((IRecyclicBuild)this).IsServerBuild;
}
