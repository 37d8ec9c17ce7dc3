using Recyclic.Build.Planning;
using Recyclic.Build.Running;

namespace Recyclic.Build.Changes;

/// <summary>
/// Adds to a plan which of its targets have nothing to do, as far as can be said before anything has run.
/// </summary>
internal static class PlanChanges
{
    public static BuildPlan In(BuildPlan plan, BuildSession session) =>
        new([.. plan.Targets.Select(planned => Of(planned, session))]);

    private static PlannedTarget Of(PlannedTarget planned, BuildSession session)
    {
        if (planned.SkipReason is not null || planned.Target.Inputs.Count == 0)
            return planned;
        var check = InputCheck.Of(session, planned.Target);
        return planned with { Changes = check.Reason, IsUnchanged = check.IsUnchanged };
    }
}
