using System.Collections.Immutable;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: where hooks stand in a plan: before and behind the steps of a phase, and at the end. A way back is stopped by
/// none of them: whatever fails on it warns.
/// </summary>
internal static class HookPlan
{
    public static DeployPlan With(DeployPlan plan, DeployHooks hooks)
    {
        if (hooks.All.IsEmpty)
            return plan;
        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        foreach (var phase in plan.Steps.GroupBy(step => step.Phase))
        {
            steps.AddRange(Of(HookPoints.Before(phase.Key), phase.Key));
            steps.AddRange(phase);
            steps.AddRange(Of(HookPoints.After(phase.Key), phase.Key));
        }
        // Behind all else, where nothing is undone any more.
        steps.AddRange(Of(HookPoint.PostDeploy, Phase.Retire));
        var late = hooks.At(HookPoint.OnFailure).Select(hook => $"hook on-failure: {hook.Name}, if it fails");
        return plan with { Steps = steps.ToImmutable(), Notes = [.. plan.Notes, .. late] };

        IEnumerable<PlannedStep> Of(HookPoint point, Phase phase) =>
            hooks
                .At(point)
                .Select(hook => new PlannedStep(
                    phase,
                    new RunHook(point, hook.Name, hook.Deadline)
                    {
                        OnlyWarns = !point.Undoes() || plan.Operation == Operation.Rollback,
                    }
                ));
    }
}
