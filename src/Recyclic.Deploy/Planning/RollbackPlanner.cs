using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: plans the way back. It passes the same shift as a deploy; only how the slot gets ready differs.
/// </summary>
public static class RollbackPlanner
{
    /// <summary>The way back to a release whose containers are still on the host, running or stopped.</summary>
    public static DeployPlan Plan(Snapshot now, Commitment earlier, DeployOptions options)
    {
        var target = now[earlier.Slot];
        options = CanaryPlan
            .Settle(options, Operation.Rollback)
            .Allowing(target.Containers.Select(container => container.Patience));
        var gated = now.Together(earlier.Slot).Select(container => container.Service).Distinct().ToImmutableArray();
        var runs = gated.All(service => target.Of(service).All(container => container.IsRunning));
        // It may run because its retire was interrupted: only what was kept warm on purpose has a release kept warm in
        // exchange.
        var retirement = options with
        {
            KeepReleases = int.MaxValue,
            KeepWarm = options.KeepWarm || runs && now.Journal.KeepsWarm,
        };
        var change = new SlotChange(now, now.Current?.Slot, earlier.Slot, earlier.Release, options);
        ImmutableArray<PlannedStep> steps =
        [
            .. Prepare(change, gated, runs),
            .. DeployPlanner.Shift(change, StopFirst.Between(now), target.Routes),
            .. RelabelDoors.For(now, earlier.Slot).Select(step => new PlannedStep(Phase.Shift, step)),
            .. DeployPlanner.RetireOld(change with { Options = retirement }, drain: true),
        ];
        var shared = SharedVolumes.Of(earlier.Slot, now);
        return new DeployPlan(
            Operation.Rollback,
            now,
            earlier.Release,
            earlier.Slot,
            Undos.With(steps, now, options, now.IsRouted),
            [.. StopFirst.Notes(now, options), .. SharedVolumes.Notes(shared, now, earlier.Release)]
        )
        {
            Shared = shared,
            IsRouted = now.IsRouted,
        };
    }

    private static IEnumerable<PlannedStep> Prepare(SlotChange change, ImmutableArray<string> gated, bool runs)
    {
        if (change.Now.LacksEdge)
            yield return new(Phase.Prepare, StoppedEdge.BringBack(change.Now));
        if (!runs)
            yield return new(Phase.Prepare, new ResumeRelease(change.To, change.Release));
        if (!gated.IsEmpty)
            yield return new(
                Phase.Prepare,
                new AwaitHealthy(change.To, gated, change.Options.DeployTimeout) { RunAlready = runs }
            );
    }
}
