using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// The file that explains a deploy: an application, what is on the host and a release in, a plan out. Pure.
/// </summary>
public static class DeployPlanner
{
    /// <summary>
    /// Plans the deploy of a release into the idle slot; the first deploy and the n-th pass the same gate.
    /// </summary>
    public static DeployPlan Deploy(
        Application app,
        Snapshot now,
        Release release,
        DeployOptions options,
        Operation operation = Operation.Deploy
    )
    {
        options = options.Allowing(app.Services.Select(service => service.Patience));
        var (serving, fresh) = (now.Current?.Slot, now.Idle);
        var volumes = DataVolumes.Plan(app, now);
        var shared = SharedVolumes.Of(app, volumes, now);
        ImmutableArray<PlannedStep> steps =
        [
            .. PrepareHost(app, now, fresh),
            .. PrepareRelease(
                app,
                now,
                fresh,
                new StartRelease(fresh, release) { Volumes = volumes },
                operation,
                options
            ),
            .. Shift(
                StopFirst.Of(app, now),
                now,
                serving,
                fresh,
                release,
                options,
                MissingAccessories.Of(app, now).Late
            ),
            .. WatchNew(serving, fresh, options),
            .. RetireOld(serving, now, release, options),
            .. CloseDoors.Of(app, now, serving) is { } close ? [new(Phase.Retire, close)] : Array.Empty<PlannedStep>(),
        ];
        var isRouted = !Unrouted.IsSo(app, now);
        return new DeployPlan(
            operation,
            now,
            release,
            fresh,
            WithUndos(steps, now, options, isRouted),
            PlanNotes.Of(app, now, release, volumes, shared, options)
        )
        {
            Shared = shared,
            IsRouted = isRouted,
            Changes = ConfigurationChanges.Of(app, now),
        };
    }

    /// <summary>Plans the way back to a release whose containers are still on the host, running or stopped.</summary>
    public static DeployPlan Rollback(Snapshot now, Commitment earlier, DeployOptions options)
    {
        var target = now[earlier.Slot];
        options = options.Allowing(target.Containers.Select(container => container.Patience));
        var serving = now.Current?.Slot;
        var exclusives = StopFirst.Between(now);
        var gated = now.Together(earlier.Slot).Select(container => container.Service).Distinct().ToImmutableArray();
        var runs = gated.All(service => target.Of(service).All(container => container.IsRunning));
        // It may run because its retire was interrupted: only what was kept warm on purpose has a release kept warm in
        // exchange.
        var keepWarm = options.KeepWarm || runs && now.Journal.KeepsWarm;
        ImmutableArray<PlannedStep> steps =
        [
            .. now.LacksEdge ? new[] { new PlannedStep(Phase.Prepare, BringEdgeBack(now)) } : [],
            .. runs ? [] : new[] { new PlannedStep(Phase.Prepare, new ResumeRelease(earlier.Slot, earlier.Release)) },
            .. gated.IsEmpty
                ? []
                : new[]
                {
                    new PlannedStep(
                        Phase.Prepare,
                        new AwaitHealthy(earlier.Slot, gated, options.DeployTimeout) { RunAlready = runs }
                    ),
                },
            .. Shift(exclusives, now, serving, earlier.Slot, earlier.Release, options),
            .. RetireOld(
                serving,
                now,
                earlier.Release,
                options with
                {
                    KeepReleases = int.MaxValue,
                    KeepWarm = keepWarm,
                },
                drain: true
            ),
        ];
        var shared = SharedVolumes.Of(earlier.Slot, now);
        return new DeployPlan(
            Operation.Rollback,
            now,
            earlier.Release,
            earlier.Slot,
            WithUndos(steps, now, options, now.IsRouted),
            [.. StopFirst.Notes(now, options), .. SharedVolumes.Notes(shared, now, earlier.Release)]
        )
        {
            Shared = shared,
            IsRouted = now.IsRouted,
        };
    }

    /// <summary>Plans the end of a warm previous release.</summary>
    public static ImmutableArray<PlannedStep> Retire(Snapshot now, DeployOptions options) =>
        now.Current is { } current && now[current.Slot.Other()].IsRunning
            ? WithUndos(
                [
                    new(Phase.Retire, new Drain(current.Slot.Other(), options.DrainTimeout)),
                    new(Phase.Retire, new StopRelease(current.Slot.Other())),
                ],
                now,
                options,
                now.IsRouted
            )
            : [];

    /// <summary>
    /// The edge's configuration while one slot serves what it serves and the other gets this application's routes.
    /// </summary>
    public static EdgeConfiguration EdgeFor(Application app, Snapshot now, Slot fresh)
    {
        var serving = now.Current is null ? null : now[fresh.Other()];
        var kept = serving is { Routes.IsEmpty: false } ? serving.Routes : app.Routes;
        // A door leads to the release that serves also where that was started before the door was there.
        kept = [.. kept, .. app.Routes.Where(route => route.IsInside && !kept.Any(route.IsSamePort))];
        return EdgeConfiguration.For(
            app.Name,
            fresh == Slot.Blue ? app.Routes : kept,
            fresh == Slot.Blue ? kept : app.Routes
        );
    }

    /// <summary>What takes a step back depends on what was there before; each step says it itself.</summary>
    private static ImmutableArray<PlannedStep> WithUndos(
        IEnumerable<PlannedStep> steps,
        Snapshot before,
        DeployOptions options,
        bool isRouted
    ) =>
        steps.Select(step => step with { Undo = step.Action.Undo(before, options) }) is var all && isRouted
            ? [.. all]
            : [.. Unrouted.Of(all)];

    private static IEnumerable<PlannedStep> PrepareHost(Application app, Snapshot now, Slot fresh)
    {
        var (missing, late) = MissingAccessories.Of(app, now);
        if (OpenDoors.Of(app, now) is { } open)
        {
            if (
                open.Networks.Except(now.Networks).Any()
                && missing.Concat(late).ToImmutableArray() is { Length: > 0 } all
            )
                yield return new(Phase.Prepare, new StartAccessories(all) { OnlyMade = true });
            yield return new(Phase.Prepare, open);
        }
        if (missing.Length > 0)
            yield return new(Phase.Prepare, new StartAccessories(missing));

        if (ConnectNetworks.Of(app, now, missing) is { } connect)
            yield return new(Phase.Prepare, connect);
        if (!now.Traits.HasEdge)
            yield break;
        var configuration = EdgeFor(app, now, fresh);
        if (EdgeChangeFor(now.Edge, configuration) is { } change)
            yield return new(Phase.Prepare, new PrepareEdge(change, configuration));
        // The share of an edge that is new to a release that had none may be of long ago.
        if (now is { IsRouted: false, Current: { } current })
            yield return new(Phase.Prepare, new CutOver(current.Slot));
    }

    /// <summary>What makes an edge that does not run serve again, for commands that read no compose file.</summary>
    internal static DeployStep BringEdgeBack(Snapshot now) =>
        now.Edge.Exists ? new ResumeEdge() : new PrepareEdge(EdgeChange.Create, PrepareEdge.AsItIs(now));

    private static EdgeChange? EdgeChangeFor(EdgeState edge, EdgeConfiguration wanted) =>
        edge switch
        {
            { Exists: false } => EdgeChange.Create,
            _ when wanted.Ports.Except(edge.Ports).Any() => EdgeChange.Replace,
            { IsRunning: false } => EdgeChange.Start,
            _ when edge.Configuration != wanted.Hash => EdgeChange.Reload,
            _ => null,
        };

    private static IEnumerable<PlannedStep> PrepareRelease(
        Application app,
        Snapshot now,
        Slot fresh,
        StartRelease start,
        Operation operation,
        DeployOptions options
    )
    {
        if (now[fresh].IsRunning)
        {
            yield return new(Phase.Prepare, new Drain(fresh, options.DrainTimeout));
            yield return new(Phase.Prepare, new StopRelease(fresh));
        }
        if (!now[fresh].IsEmpty)
            yield return new(Phase.Prepare, new ClearSlot(fresh, now[fresh].Containers[0].Label(Naming.TagLabel)));
        foreach (var run in RunOneOff.Of(app, start, operation))
            yield return new(Phase.Prepare, run);
        yield return new(Phase.Prepare, start);
        var gated = app.Overlapping.Select(service => service.Name).ToImmutableArray();
        if (gated.Length > 0)
            yield return new(Phase.Prepare, new AwaitHealthy(fresh, gated, options.DeployTimeout));
    }

    /// <param name="late">Accessories that wait for the release: all of it is there once what must not run twice
    /// is.</param>
    private static IEnumerable<PlannedStep> Shift(
        ImmutableArray<string> exclusives,
        Snapshot now,
        Slot? serving,
        Slot fresh,
        Release release,
        DeployOptions options,
        params ImmutableArray<string> late
    )
    {
        if (!exclusives.IsEmpty)
        {
            var from = serving is { } slot && exclusives.Any(service => now[slot].Of(service).Any()) ? serving : null;
            yield return new(Phase.Shift, new HandOver(exclusives, from, fresh, options.DeployTimeout));
        }
        if (!late.IsEmpty)
            yield return new(Phase.Shift, new StartAccessories(late) { AfterRelease = true });
        yield return new(Phase.Shift, new CutOver(fresh));
        yield return new(Phase.Shift, new Commit(release, fresh));
    }

    /// <summary>
    /// The old slot's sessions end by themselves while the new slot is watched; the drain waits for what is left of
    /// them. Both leave the way back open.
    /// </summary>
    private static IEnumerable<PlannedStep> WatchNew(Slot? serving, Slot fresh, DeployOptions options)
    {
        if (options.Watch > TimeSpan.Zero)
            yield return new(Phase.Watch, new Watch(fresh, options.Watch));
        if (serving is { } old && !options.KeepWarm)
            yield return new(Phase.Watch, new Drain(old, options.DrainTimeout));
    }

    private static IEnumerable<PlannedStep> RetireOld(
        Slot? serving,
        Snapshot now,
        Release release,
        DeployOptions options,
        bool drain = false
    )
    {
        if (serving is { } old && !options.KeepWarm)
        {
            if (drain)
                yield return new(Phase.Retire, new Drain(old, options.DrainTimeout));
            yield return new(Phase.Retire, new StopRelease(old));
        }
        var outdated = now.ImagesOfOthers is { } needed
            ? Retention.OutdatedImages(now.Journal, release, options.KeepReleases, needed)
            : [];
        if (outdated.Length > 0)
            yield return new(Phase.Retire, new PruneImages(outdated, options.KeepReleases));
    }
}
