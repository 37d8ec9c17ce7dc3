using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>What becomes of a canary whose deployer died: until somebody says so, its share stays.</summary>
public enum CanaryCourse
{
    /// <summary>Everybody goes back: for a command that wants something else, and for Abort.</summary>
    Back,

    /// <summary>It goes on where it was; the share that users have is judged once more.</summary>
    On,

    /// <summary>It goes on with the next share: for Promote.</summary>
    Next,

    /// <summary>It goes on with all traffic: for Promote in full.</summary>
    ToTheEnd,
}

/// <summary>Pure: how a canary goes on whose deployer died between two shares.</summary>
public static class CanaryRecovery
{
    /// <summary>A canary that its deployer has left with a part of the users; null: there is none that could go on.</summary>
    public static InterruptedDeploy? Left(Snapshot now) =>
        now.Journal.Interrupted is { Canary: not null, Before: not null, Committed: false, Undoing: false } interrupted
        && PercentOf(now, interrupted.Slot) is > 0 and < 100
        && now[interrupted.Slot].Holds(interrupted.Release)
        && now.Together(interrupted.Slot).All(container => container.IsHealthy)
            ? interrupted
            : null;

    /// <summary>How many visitors of a hundred a slot has; null: the edge does not say.</summary>
    public static int? PercentOf(Snapshot now, Slot slot) =>
        (now.Share ?? now.FileShare) is { } share
            ? slot == Slot.Green
                ? share
                : 100 - share
            : null;

    /// <summary>The steps that are left, up to the cutover; null: it goes back.</summary>
    internal static RecoveryPlan? Plan(Snapshot now, CanaryCourse course, ImmutableArray<DeployStep> finish)
    {
        if (course == CanaryCourse.Back || Left(now) is not { Canary: { } terms } left)
            return null;
        var percent = PercentOf(now, left.Slot)!.Value;
        var (fresh, serving) = (left.Slot, left.Slot.Other());
        // What is handed over already is not made to run twice by another share.
        var isHandedOver = StopFirst
            .Between(now)
            .Any(service =>
                now[fresh].Of(service).Any(container => container.IsRunning)
                || !now[serving].Of(service).All(container => container.IsRunning)
            );
        // Most users are on the release before: what cannot be handed over takes all back to it.
        finish = [.. finish.Select(step => step is HandOver handOver ? handOver with { GoesOn = false } : step)];
        ImmutableArray<DeployStep> steps =
            course == CanaryCourse.ToTheEnd || isHandedOver
                ? finish
                :
                [
                    .. course == CanaryCourse.On
                        ? [new Bake(fresh, percent, terms.Bake, terms.HoldLimit)]
                        : Array.Empty<DeployStep>(),
                    .. CanaryPlan.Of(fresh, terms, percent),
                    .. finish,
                ];
        return new RecoveryPlan(
            steps,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{RecoveryPlanner.Died(left)}; {percent}% of the visitors have {left.Release.Tag}: the canary goes on"
            )
        );
    }
}
