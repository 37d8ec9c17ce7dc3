using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <param name="Steps">What brings the host back to one known state, in order.</param>
/// <param name="Story">What happened and what is done about it, for the person and the journal.</param>
public sealed record RecoveryPlan(ImmutableArray<DeployStep> Steps, string Story);

/// <summary>
/// Pure: decides what to do about a deploy whose deployer died. Users stay on what they have, if that works.
/// </summary>
public static class RecoveryPlanner
{
    /// <param name="course">What becomes of a canary; default: it goes back.</param>
    /// <returns>The plan, or null when there is nothing to recover.</returns>
    public static RecoveryPlan? Plan(Snapshot now, DeployOptions options, CanaryCourse course = CanaryCourse.Back)
    {
        options = options.Allowing(
            now.Blue.Containers.Concat(now.Green.Containers).Select(container => container.Patience)
        );
        var plan = PlanOfRecords(now, options, course);
        if (plan is not null && !now.IsRouted)
            plan = plan with { Steps = [.. Unrouted.Of(plan.Steps)] };
        plan = LostGates.With(plan, now);
        if (now.Unreached is not { IsEmpty: false } unreached)
            return plan;
        var story =
            $"the edge does not reach {string.Join(", ", unreached)}, which users have, although the containers work: their names are lost, as after `docker swarm leave`; they are connected again";
        var restore = new RestoreNames(now.Serving!.Value);
        return plan is null
            ? new RecoveryPlan([restore], story)
            : new RecoveryPlan([restore, .. plan.Steps], $"{story}; {plan.Story}");
    }

    private static RecoveryPlan? PlanOfRecords(Snapshot now, DeployOptions options, CanaryCourse course)
    {
        var lost = Lost(now);
        if (now.Journal.Interrupted is { } interrupted)
        {
            if (lost is not null && lost.Slot != interrupted.Slot)
                interrupted = interrupted with { Before = lost };
            var finish = Finish(now, interrupted, options, course);
            var plan =
                CanaryRecovery.Plan(now, course, finish.Steps)
                ?? (Finishes(now, interrupted) ? finish : Revert(now, interrupted, options));
            var needsEdge = plan.Steps.Any(step => step.MovesUsers) && now.LacksEdge;
            return needsEdge ? plan with { Steps = plan.Steps.Insert(0, StoppedEdge.BringBack(now)) } : plan;
        }
        if (lost is not null)
            return new RecoveryPlan(
                [new CutOver(lost.Slot), new Commit(lost.Release, lost.Slot)],
                $"the journal does not say any more what users have; by their labels the containers of {lost.Slot.Name()} are {lost.Release.Tag}: that is recorded again"
            );
        if (now.Current is not { } current || now.Share is not { } share)
            return null;
        if (share != current.Slot.FullShare())
            return Elsewhere(now, current, options)
                ?? new RecoveryPlan(
                    [new CutOver(current.Slot)],
                    $"the edge sent {share}% to green, but {current.Release.Tag} is committed on {current.Slot.Name()}: traffic is put back"
                );
        return now.FileShare == share
            ? null
            : new RecoveryPlan(
                [new CutOver(current.Slot)],
                $"the share that a restarted edge would apply {(now.FileShare is { } file ? $"was {file}%" : "could not be read")}, not {share}%: it is written again"
            );
    }

    /// <summary>
    /// What users have, when the journal has forgotten it: commits were counted, or containers run, but it has a record
    /// of none.
    /// </summary>
    private static Commitment? Lost(Snapshot now)
    {
        var records = now.Journal.Records;
        if (
            records.Any(record => record.Kind is JournalKind.Commit or JournalKind.Withdraw)
            || now.Generation == 0 && !records.IsEmpty
        )
            return null;
        Slot? serving = !now.IsRouted
            ? null
            : (now.Share ?? now.FileShare) switch
            {
                0 => Slot.Blue,
                100 => Slot.Green,
                _ => null,
            };
        // The share is no witness when it was lost too: an edge that starts without one sends all to blue.
        var slot =
            serving is { } sent && now[sent].IsRunning ? sent
            : now.Blue.IsRunning ? Slot.Blue
            : Slot.Green;
        return now[slot].IsRunning && now[slot].Labelled is { } release
            ? new Commitment(release, slot, DateTimeOffset.MinValue, "?")
            : null;
    }

    /// <summary>
    /// Users are on a slot that works and the committed one does not: what users have is committed. Null: the commit
    /// stands.
    /// </summary>
    private static RecoveryPlan? Elsewhere(Snapshot now, Commitment current, DeployOptions options)
    {
        if (IsWorking(now, current))
            return null;
        var (here, committed) = (current.Slot.Other(), current.Slot);
        // Its own commit may be among records that were lost; its labels say the same.
        var had =
            now.Journal.Commitments.LastOrDefault(earlier => earlier.Slot == here && IsWorking(now, earlier))?.Release
            ?? (now[here].Works ? now[here].Labelled : null);
        if (had is null)
            return null;
        return new RecoveryPlan(
            [.. Exclusives(now, committed, here, options), new CutOver(here), new Commit(had, here)],
            $"{current.Release.Tag} is committed on {committed.Name()} but does not work there; users have {had.Tag} on {here.Name()}: that is committed again"
        );
    }

    private static bool IsWorking(Snapshot now, Commitment commitment) =>
        now.CanReturnTo(commitment) && now[commitment.Slot].Needed.All(container => container.IsHealthy);

    /// <summary>Forward when users have the new release already and it works; otherwise back.</summary>
    private static bool Finishes(Snapshot now, InterruptedDeploy interrupted)
    {
        var slot = now[interrupted.Slot];
        var works = slot.Holds(interrupted.Release) && slot.Works;
        if (WatchPlan.HadSaidBack(now, interrupted))
            return false;
        // A committed release stays when nothing is left of the one before it to go back to, or it could not work.
        if (
            interrupted.Committed
            && (
                interrupted.Before is not { } earlier
                || !now.CanReturnTo(earlier)
                || Migrations.Between(now.Journal, earlier.Release) is not null
            )
        )
            return works || interrupted.Before is not null;
        if (
            interrupted.Undoing
            && interrupted.Before is { } before
            && now[before.Slot].Needed.Any(container => container.IsHealthy)
        )
            return false;
        return works
            && (
                interrupted.Committed
                || now.IsRouted
                    && (now.Share ?? now.FileShare) == interrupted.Slot.FullShare()
                    && now.Current?.Slot != interrupted.Slot
                    && now.Current is not null
            );
    }

    private static RecoveryPlan Finish(
        Snapshot now,
        InterruptedDeploy interrupted,
        DeployOptions options,
        CanaryCourse course
    )
    {
        var old = interrupted.Slot.Other();
        ImmutableArray<DeployStep> steps =
        [
            .. Exclusives(now, old, interrupted.Slot, options),
            new CutOver(interrupted.Slot),
            .. AdoptionPlan.Finish(now, interrupted),
            interrupted.Committed
                ? new SetRestarts(interrupted.Slot)
                : new Commit(interrupted.Release, interrupted.Slot),
            .. RelabelDoors.For(now, interrupted.Slot),
            .. WatchPlan.Again(now, interrupted, course),
            .. now[old].IsRunning
                ? [new Drain(old, options.DrainTimeout), new StopRelease(old)]
                : Array.Empty<DeployStep>(),
            .. RunOneOff.Left(now, interrupted),
        ];
        return new RecoveryPlan(
            steps,
            $"{Died(interrupted)}; users had {interrupted.Release.Tag} already and it is healthy: it stays, the rest of the deploy is finished"
        );
    }

    private static RecoveryPlan Revert(Snapshot now, InterruptedDeploy interrupted, DeployOptions options)
    {
        var back = interrupted.Before;
        var backSlot = back?.Slot;
        var steps = new List<DeployStep>();
        if (back is not null && backSlot != interrupted.Slot)
        {
            var together = now.Together(back.Slot).ToList();
            if (together.Count > 0 && !together.Any(container => container.IsRunning))
            {
                steps.Add(new ResumeRelease(back.Slot, back.Release));
                steps.Add(
                    new AwaitHealthy(
                        back.Slot,
                        [.. together.Select(container => container.Service).Distinct()],
                        options.DeployTimeout
                    )
                );
            }
            steps.Add(new CutOver(back.Slot));
            if (now.Current is not { } current || current.Slot != back.Slot || !current.Release.Equals(back.Release))
                steps.Add(new Commit(back.Release, back.Slot));
            else
                steps.Add(new SetRestarts(back.Slot));
            steps.AddRange(RelabelDoors.For(now, back.Slot));
            steps.AddRange(Exclusives(now, interrupted.Slot, back.Slot, options));
        }
        if (back is null && now.Current is { } first)
            steps.Add(new Withdraw(first.Release));
        steps.AddRange(AdoptionRecovery.GiveBack(now, interrupted));
        if (backSlot != interrupted.Slot && !now[interrupted.Slot].IsEmpty)
        {
            steps.Add(new Drain(interrupted.Slot, options.DrainTimeout));
            steps.Add(
                interrupted.Operation == Operation.Rollback
                    ? new StopRelease(interrupted.Slot)
                    : new RemoveRelease(interrupted.Slot)
            );
        }
        var users =
            back is null && !interrupted.Adopted.IsEmpty ? "what ran under plain compose has its ports"
            : back is null ? "there was no earlier release"
            : $"users have {back.Release.Tag}";
        return new RecoveryPlan([.. steps], $"{Died(interrupted)}; {users}: what it had begun is undone");
    }

    internal static string Died(InterruptedDeploy interrupted) =>
        $"the {(interrupted.Operation == Operation.Deploy ? "deploy" : "rollback")} of {interrupted.Release.Tag} by {interrupted.By} died "
        + (interrupted.Step is { } step ? $"at: {step}" : "before its first step");

    /// <summary>One that is broken by itself does not keep the others from being started where users are.</summary>
    private static IEnumerable<DeployStep> Exclusives(Snapshot now, Slot giver, Slot taker, DeployOptions options)
    {
        var services = StopFirst
            .Between(now)
            .Where(service =>
                now[giver].Of(service).Any(container => container.IsRunning)
                || !now[taker].Of(service).All(container => container.IsRunning)
            )
            .ToImmutableArray();
        return services.IsEmpty ? [] : [new HandOver(services, giver, taker, options.DeployTimeout) { GoesOn = true }];
    }
}
