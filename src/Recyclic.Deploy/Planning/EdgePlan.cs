using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what becomes of the edge itself before a release is put behind it.</summary>
public static class EdgePlan
{
    /// <summary>
    /// The edge's configuration while one slot serves what it serves and the other gets this application's routes.
    /// </summary>
    public static EdgeConfiguration For(Application app, Snapshot now, Slot fresh)
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
            fresh == Slot.Blue ? kept : app.Routes
        );
    }

    /// <summary>Makes the edge ready for the application's routes in the slot; null: it is.</summary>
    internal static DeployStep? Prepare(Application app, Snapshot now, Slot fresh)
    {
        var wanted = For(app, now, fresh);
        EdgeChange? change = now.Edge switch
        {
            { Exists: false } => EdgeChange.Create,
            var edge when wanted.Ports.Except(edge.Ports).Any() => EdgeChange.Replace,
            { IsRunning: false } => EdgeChange.Start,
            var edge when edge.Configuration != wanted.Hash => EdgeChange.Reload,
            _ => null,
        };
        return change is { } needed ? new PrepareEdge(needed, wanted) : null;
    }

    /// <summary>What makes an edge that does not run serve again, for commands that read no compose file.</summary>
    internal static DeployStep BringBack(Snapshot now) =>
        now.Edge.Exists ? new ResumeEdge() : new PrepareEdge(EdgeChange.Create, PrepareEdge.AsItIs(now));
}
