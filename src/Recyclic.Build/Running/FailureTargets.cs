using System.Collections.Immutable;
using Recyclic.Build.Parameters;

namespace Recyclic.Build.Running;

/// <summary>Which targets undo what others have begun. Pure.</summary>
internal static class FailureTargets
{
    /// <summary>
    /// What is to run now: for the targets that ended badly, those that began last first; each at most once.
    /// </summary>
    /// <param name="runs">The targets of the run.</param>
    /// <param name="all">All targets of the build.</param>
    /// <param name="skipped">Names that <c>--skip</c> gives.</param>
    public static ImmutableArray<ExecutableTarget> Next(
        IReadOnlyList<TargetRun> runs,
        ImmutableArray<ExecutableTarget> all,
        IReadOnlyList<string> skipped
    )
    {
        var done = runs.Where(run => run.HasBegun || run.Status == ExecutionStatus.Skipped)
            .Select(run => run.Target.Name)
            .ToHashSet();
        return
        [
            .. runs.Where(run => run.HasBegun && run.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted)
                .OrderByDescending(run => run.Began)
                .SelectMany(run => Of(run.Target, all))
                .Where(target =>
                    !skipped.Any(name => ParameterNames.Normal(name) == ParameterNames.Normal(target.Name))
                    && done.Add(target.Name)
                ),
        ];
    }

    public static IEnumerable<ExecutableTarget> Of(ExecutableTarget target, ImmutableArray<ExecutableTarget> all) =>
        target.FailureTargets.Select(failure => all.First(t => t.Factory == failure));
}
