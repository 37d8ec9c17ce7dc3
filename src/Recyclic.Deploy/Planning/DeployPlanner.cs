using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>The file that explains a deploy: an application, what is on the host and a release in, a plan out. Pure.</summary>
public static class DeployPlanner
{
    /// <summary>Plans the deploy of a release into the idle slot; the first deploy and the n-th pass the same gate.</summary>
    public static DeployPlan Deploy(Application app, Snapshot now, Release release, DeployOptions options, Operation operation = Operation.Deploy)
    {
        var (serving, fresh) = (now.Current?.Slot, now.Idle);
        var volumes = DataVolumes.Plan(app, now);
        var shared = SharedVolumes.Of(app, volumes, now);
        ImmutableArray<PlannedStep> steps =
        [
            .. PrepareHost(app, now, fresh),
            .. PrepareRelease(app, now, fresh, new StartRelease(fresh, release) { Volumes = volumes }, options),
            .. Shift(app.Exclusives.Select(service => service.Name), now, serving, fresh, release, options),
            .. WatchNew(serving, fresh, options),
            .. RetireOld(serving, now, release, options),
        ];
        return new DeployPlan(operation, now, release, fresh, steps, [.. Notes(app, now, release), .. DataVolumes.Notes(app, now), .. SharedVolumes.Notes(shared, now, release)]) { Shared = shared };
    }

    /// <summary>Plans the way back to a release whose containers are still on the host, running or stopped.</summary>
    public static DeployPlan Rollback(Snapshot now, Commitment earlier, DeployOptions options)
    {
        var target = now[earlier.Slot];
        var serving = now.Current?.Slot;
        var exclusives = target.Containers.Where(container => container.IsExclusive).Select(container => container.Service).Distinct().ToImmutableArray();
        var gated = target.Containers.Where(container => !container.IsExclusive).Select(container => container.Service).Distinct().ToImmutableArray();
        var runs = gated.All(service => target.Of(service).All(container => container.IsRunning));
        // It may run because its retire was interrupted: only what was kept warm on purpose has a release kept warm in exchange.
        var keepWarm = options.KeepWarm || runs && now.Journal.KeepsWarm;
        ImmutableArray<PlannedStep> steps =
        [
            .. now.Edge.IsRunning ? [] : new[] { new PlannedStep(Phase.Prepare, BringEdgeBack(now)) },
            .. runs ? [] : new[] { new PlannedStep(Phase.Prepare, new ResumeRelease(earlier.Slot, earlier.Release), new Drain(earlier.Slot, options.DrainTimeout), new StopRelease(earlier.Slot)) },
            // The gate lets them restart by themselves; one that stays warm after all must not.
            new(Phase.Prepare, new AwaitHealthy(earlier.Slot, gated, options.DeployTimeout), runs && serving is { } slot ? [new SetRestarts(slot)] : []),
            .. Shift(exclusives, now, serving, earlier.Slot, earlier.Release, options),
            .. RetireOld(serving, now, earlier.Release, options with { KeepReleases = int.MaxValue, KeepWarm = keepWarm }, drain: true),
        ];
        var shared = SharedVolumes.Of(earlier.Slot, now);
        return new DeployPlan(Operation.Rollback, now, earlier.Release, earlier.Slot, steps, [.. SharedVolumes.Notes(shared, now, earlier.Release)]) { Shared = shared };
    }

    /// <summary>Plans the end of a warm previous release.</summary>
    public static ImmutableArray<PlannedStep> Retire(Snapshot now, DeployOptions options) =>
        now.Current is { } current && now[current.Slot.Other()].IsRunning
            ? [new(Phase.Retire, new Drain(current.Slot.Other(), options.DrainTimeout)), new(Phase.Retire, new StopRelease(current.Slot.Other()))]
            : [];

    /// <summary>The edge's configuration while one slot serves what it serves and the other gets this application's routes.</summary>
    public static EdgeConfiguration EdgeFor(Application app, Snapshot now, Slot fresh)
    {
        var serving = now.Current is null ? null : now[fresh.Other()];
        var kept = serving is { Routes.IsEmpty: false } ? serving.Routes : app.Routes;
        return EdgeConfiguration.For(app.Name, fresh == Slot.Blue ? app.Routes : kept, fresh == Slot.Blue ? kept : app.Routes);
    }

    private static IEnumerable<PlannedStep> PrepareHost(Application app, Snapshot now, Slot fresh)
    {
        var naming = now.Names;
        var first = now.Current is null;
        var missing = app.Accessories.Select(accessory => accessory.Name).Except(now.Accessories.Select(container => container.Service)).ToImmutableArray();
        if (missing.Length > 0)
            yield return new(Phase.Prepare, new StartAccessories(missing), first ? [new RemoveAccessories(missing)] : []);

        var slotNetworks = new[] { naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green) };
        var apart = app.Accessories.Select(accessory => accessory.Name)
            .Where(name => missing.Contains(name) || now.Accessories.Any(container => container.Service == name && slotNetworks.Except(container.Networks).Any()))
            .ToImmutableArray();
        var edgeApart = now.Edge.Exists && slotNetworks.Except(now.Edge.Networks).Any();
        if (apart.Length > 0 || edgeApart || !naming.Networks.All(now.Networks.Contains))
            yield return new(Phase.Prepare, new ConnectNetworks(apart), first ? [new RemoveNetworks()] : []);

        var configuration = EdgeFor(app, now, fresh);
        if (EdgeChangeFor(now.Edge, configuration) is { } change)
            yield return new(Phase.Prepare, new PrepareEdge(change, configuration),
                first ? [new RemoveEdge()] : change == EdgeChange.Replace ? [new PrepareEdge(EdgeChange.Replace, EdgeAsItIs(now))] : []);
    }

    /// <summary>What makes an edge that does not run serve again, for commands that read no compose file.</summary>
    internal static DeployStep BringEdgeBack(Snapshot now) => now.Edge.Exists ? new ResumeEdge() : new PrepareEdge(EdgeChange.Create, EdgeAsItIs(now));

    private static EdgeConfiguration EdgeAsItIs(Snapshot now) => EdgeConfiguration.For(now.App, now.Blue.Routes, now.Green.Routes);

    private static EdgeChange? EdgeChangeFor(EdgeState edge, EdgeConfiguration wanted) => edge switch
    {
        { Exists: false } => EdgeChange.Create,
        _ when wanted.Ports.Except(edge.Ports).Any() => EdgeChange.Replace,
        { IsRunning: false } => EdgeChange.Start,
        _ when edge.Configuration != wanted.Hash => EdgeChange.Reload,
        _ => null,
    };

    private static IEnumerable<PlannedStep> PrepareRelease(Application app, Snapshot now, Slot fresh, StartRelease start, DeployOptions options)
    {
        if (now[fresh].IsRunning)
        {
            yield return new(Phase.Prepare, new Drain(fresh, options.DrainTimeout));
            yield return new(Phase.Prepare, new StopRelease(fresh));
        }
        if (!now[fresh].IsEmpty) yield return new(Phase.Prepare, new ClearSlot(fresh, now[fresh].Containers[0].Label(Naming.TagLabel)));
        yield return new(Phase.Prepare, start, new Drain(fresh, options.DrainTimeout), new RemoveRelease(fresh));
        var gated = app.Overlapping.Select(service => service.Name).ToImmutableArray();
        if (gated.Length > 0) yield return new(Phase.Prepare, new AwaitHealthy(fresh, gated, options.DeployTimeout));
    }

    private static IEnumerable<PlannedStep> Shift(
        IEnumerable<string> exclusives, Snapshot now, Slot? serving, Slot fresh, Release release, DeployOptions options)
    {
        foreach (var service in exclusives)
        {
            var from = serving is { } slot && now[slot].Of(service).Any() ? serving : null;
            yield return from is { } old
                ? new(Phase.Shift, new HandOver(service, old, fresh, options.DeployTimeout), new HandOver(service, fresh, old, options.DeployTimeout))
                : new(Phase.Shift, new HandOver(service, null, fresh, options.DeployTimeout), serving is { } back ? [new HandOver(service, fresh, back, options.DeployTimeout)] : []);
        }
        yield return new(Phase.Shift, new CutOver(fresh), serving is { } other ? [new CutOver(other)] : []);
        yield return new(Phase.Shift, new Commit(release, fresh), now.Current is { } current ? [new Commit(current.Release, current.Slot)] : [new Withdraw(release)]);
    }

    /// <summary>The old slot's sessions end by themselves while the new slot is watched; the drain waits for what is left of them. Both leave the way back open.</summary>
    private static IEnumerable<PlannedStep> WatchNew(Slot? serving, Slot fresh, DeployOptions options)
    {
        if (options.Watch > TimeSpan.Zero) yield return new(Phase.Watch, new Watch(fresh, options.Watch));
        if (serving is { } old && !options.KeepWarm) yield return new(Phase.Watch, new Drain(old, options.DrainTimeout));
    }

    private static IEnumerable<PlannedStep> RetireOld(Slot? serving, Snapshot now, Release release, DeployOptions options, bool drain = false)
    {
        if (serving is { } old && !options.KeepWarm)
        {
            if (drain) yield return new(Phase.Retire, new Drain(old, options.DrainTimeout));
            yield return new(Phase.Retire, new StopRelease(old));
        }
        var outdated = Retention.OutdatedImages(now.Journal, release, options.KeepReleases, now.ImagesOfOthers);
        if (outdated.Length > 0) yield return new(Phase.Retire, new PruneImages(outdated, options.KeepReleases));
    }

    private static ImmutableArray<string> Notes(Application app, Snapshot now, Release release) =>
    [
        .. app.Warnings,
        .. now.Current?.Release.Equals(release) == true ? [$"{release.Tag} is what users have already; it is deployed again with the same images"] : Array.Empty<string>(),
    ];
}
