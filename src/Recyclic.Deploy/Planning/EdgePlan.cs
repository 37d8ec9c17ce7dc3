using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what becomes of the edge itself before a release is put behind it.</summary>
public static class EdgePlan
{
    /// <summary>
    /// The edge's configuration while one slot serves what it serves and the other gets this application's routes.
    /// </summary>
    /// <param name="canary">How the new release earns its traffic; null: it gets all of it at once.</param>
    public static EdgeConfiguration For(Application app, Snapshot now, Slot fresh, CanaryTerms? canary = null)
    {
        var serving = now.Current is null ? null : now[fresh.Other()];
        var kept = serving is { Routes.IsEmpty: false } ? serving.Routes : app.Routes;
        // A door leads to the release that serves also where that was started before there was a door.
        kept = [.. kept, .. app.Routes.Where(route => route.IsInside && !kept.Any(route.IsSamePort))];
        // Before it serves, the new release is nobody's to ask.
        kept = OldAssets.Without(kept);
        return EdgeConfiguration.For(
            app.Name,
            fresh == Slot.Blue ? app.Routes : kept,
            fresh == Slot.Blue ? kept : app.Routes,
            CanaryPlan.Routing(app, now, fresh, canary)
        );
    }

    /// <summary>Makes the edge ready for the application's routes in the slot; nothing where it is.</summary>
    internal static IEnumerable<PlannedStep> Prepare(
        Application app,
        Snapshot now,
        Slot fresh,
        CanaryTerms? canary = null
    )
    {
        if (!now.Traits.HasEdge)
            yield break;
        var wanted = For(app, now, fresh, canary);
        EdgeChange? change = now.Edge switch
        {
            { Exists: false } => EdgeChange.Create,
            { Ports.IsEmpty: false } or { IsOutdated: true } => EdgeChange.Replace,
            { IsRunning: false } => EdgeChange.Start,
            var edge when edge.Configuration != wanted.Hash => EdgeChange.Reload,
            _ when !now.ReplacedEdges.IsEmpty => EdgeChange.Settle,
            _ => null,
        };
        if (change is { } needed)
            yield return new(Phase.Prepare, new PrepareEdge(needed, wanted));
        if (OpenGates.InsteadOf(now.Edge, PortGate.Of([.. Serving(now), .. app.Routes])) is { } gates)
            yield return new(Phase.Prepare, gates);
        // The share of an edge that is new to a release that had none may be of long ago.
        if (now is { IsRouted: false, Current: { } current })
            yield return new(Phase.Prepare, new CutOver(current.Slot));
        foreach (var step in Obtaining.Of(app, now))
            yield return step;
    }

    /// <summary>
    /// Puts an edge of what one is made of now in the place of an outdated one; nothing where there is none.
    /// </summary>
    internal static ImmutableArray<DeployStep> Upgrade(Snapshot now)
    {
        if (
            now.Edge is not { Exists: true, IsRunning: true } edge
            || edge is { IsOutdated: false, Ports.IsEmpty: true }
        )
            return [];
        var gates = OpenGates.InsteadOf(edge, PortGate.Of(Serving(now)));
        return [new PrepareEdge(EdgeChange.Replace, PrepareEdge.AsItIs(now)), .. gates is null ? [] : new[] { gates }];
    }

    private static ImmutableArray<Route> Serving(Snapshot now) =>
        now.Current is { } current ? now[current.Slot].Routes : [];
}
