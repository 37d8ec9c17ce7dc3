using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// The file that explains a deploy: an application, what is on the host and a release in, a plan out. Pure.
/// </summary>
public static class DeployPlanner
{
    /// <summary>Plans the deploy of a release into the idle slot; the first and the n-th pass the same gate.</summary>
    public static DeployPlan Deploy(
        Application app,
        Snapshot now,
        Release release,
        DeployOptions options,
        Operation operation = Operation.Deploy
    )
    {
        options = CanaryPlan.Settle(options.For(app), operation);
        var change = new SlotChange(now, now.Current?.Slot, now.Idle, release, options);
        var volumes = DataVolumes.Plan(app, now);
        var shared = SharedVolumes.Of(app, volumes, now);
        var isRouted = !Unrouted.IsSo(app, now);
        var start = new StartRelease(change.To, release) { Volumes = volumes };
        ImmutableArray<PlannedStep> steps =
        [
            .. PutCertificates.Of(app, now),
            .. OpenDoors.Of(app, now),
            .. PrepareHost(app, change),
            .. PrepareRelease(app, change, start, operation),
            .. CanaryPlan.Of(change),
            .. Shift(change, StopFirst.Of(app, now), Obtaining.Late(app, now), MissingAccessories.Of(app, now).Late),
            .. RelabelDoors.Of(app, now),
            .. WatchPlan.Of(change),
            .. RetireOld(change),
            .. RunOneOff.After(app, start, operation),
            .. CloseDoors.Of(app, change),
            .. CloseGates.Of(app, change),
        ];
        return new DeployPlan(
            operation,
            now,
            release,
            change.To,
            Undos.With(AdoptionPlan.With(steps, app, now, change.To), now, change.Options, isRouted),
            PlanNotes.Of(app, now, release, volumes, shared, change.Options)
        )
        {
            Shared = shared,
            IsRouted = isRouted,
            Changes = ConfigurationChanges.Of(app, now),
        };
    }

    /// <summary>Plans the end of a warm previous release.</summary>
    public static ImmutableArray<PlannedStep> Retire(Snapshot now, DeployOptions options)
    {
        if (now.Current?.Slot.Other() is not { } warm || !now[warm].IsRunning)
            return [];
        DeployStep[] steps = [new Drain(warm, options.DrainTimeout), new StopRelease(warm)];
        return Undos.With(steps.Select(step => new PlannedStep(Phase.Retire, step)), now, options, now.IsRouted);
    }

    private static IEnumerable<PlannedStep> PrepareHost(Application app, SlotChange change)
    {
        var now = change.Now;
        var missing = MissingAccessories.Of(app, now).Early;
        if (missing.Length > 0)
            yield return new(Phase.Prepare, new StartAccessories(missing));
        if (ConnectNetworks.Of(app, now, missing) is { } connect)
            yield return new(Phase.Prepare, connect);
        foreach (var edge in EdgePlan.Prepare(app, now, change.To, CanaryPlan.Terms(now, change.Options)))
            yield return edge;
    }

    private static IEnumerable<PlannedStep> PrepareRelease(
        Application app,
        SlotChange change,
        StartRelease start,
        Operation operation
    )
    {
        var (slot, there) = (change.To, change.Now[change.To]);
        if (there.IsRunning)
        {
            yield return new(Phase.Prepare, new Drain(slot, change.Options.DrainTimeout));
            yield return new(Phase.Prepare, new StopRelease(slot));
        }
        if (!there.IsEmpty)
            yield return new(Phase.Prepare, new ClearSlot(slot, there.Containers[0].Label(Naming.TagLabel)));
        foreach (var step in RunOneOff.Of(app, start, operation).Concat(StartFirst.Of(app, start, change.Options)))
            yield return step;
        yield return new(Phase.Prepare, start);
        var gated = app.Overlapping.Select(service => service.Name).ToImmutableArray();
        if (gated.Length > 0)
            yield return new(Phase.Prepare, new AwaitHealthy(slot, gated, change.Options.DeployTimeout));
    }

    /// <param name="routes">Those of the release that users are to have.</param>
    /// <param name="late">Accessories that wait for the release: all of it is there once what must not run twice
    /// is.</param>
    internal static IEnumerable<PlannedStep> Shift(
        SlotChange change,
        ImmutableArray<string> exclusives,
        ImmutableArray<Route> routes,
        params ImmutableArray<string> late
    )
    {
        var (now, serving, fresh) = (change.Now, change.From, change.To);
        if (!exclusives.IsEmpty)
        {
            var from = serving is { } slot && exclusives.Any(service => now[slot].Of(service).Any()) ? serving : null;
            yield return new(Phase.Shift, new HandOver(exclusives, from, fresh, change.Options.DeployTimeout));
        }
        if (!late.IsEmpty)
            yield return new(Phase.Shift, new StartAccessories(late) { AfterRelease = true });
        yield return new(Phase.Shift, new CutOver(fresh));
        if (OpenGates.Of(PortGate.Of(routes), now) is { } gates)
            yield return new(Phase.Shift, gates);
        yield return new(Phase.Shift, new Commit(change.Release, fresh));
    }

    internal static IEnumerable<PlannedStep> RetireOld(SlotChange change, bool drain = false)
    {
        var (now, options) = (change.Now, change.Options);
        if (change.From is { } old && !options.KeepWarm)
        {
            if (drain)
                yield return new(Phase.Retire, new Drain(old, options.DrainTimeout));
            yield return new(Phase.Retire, new StopRelease(old));
        }
        var outdated = now.ImagesOfOthers is { } needed
            ? Retention.OutdatedImages(now.Journal, change.Release, options.KeepReleases, needed)
            : [];
        if (outdated.Length > 0)
            yield return new(Phase.Retire, new PruneImages(outdated, options.KeepReleases));
    }
}
