using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>How the edge comes to run a configuration.</summary>
public enum EdgeChange
{
    /// <summary>There is none.</summary>
    Create,

    /// <summary>
    /// It must publish other ports, which a container cannot do while it exists: about a second without service.
    /// </summary>
    Replace,

    /// <summary>It is there and stopped.</summary>
    Start,

    /// <summary>It runs and publishes the ports already; no connection is closed.</summary>
    Reload,
}

/// <summary>Makes the edge run this configuration.</summary>
public sealed record PrepareEdge(EdgeChange Change, EdgeConfiguration Configuration) : DeployStep
{
    /// <summary>Whether it takes ports of the host that the edge does not have.</summary>
    internal bool TakesPorts => Change is EdgeChange.Create or EdgeChange.Replace;

    /// <inheritdoc/>
    public override string Describe() =>
        Change switch
        {
            EdgeChange.Create =>
                $"start edge{(Configuration.Ports.IsEmpty ? ", which publishes nothing" : $" on {List(Configuration.Ports)}")}",
            EdgeChange.Replace =>
                $"replace edge to publish {List(Configuration.Ports)} (about a second without service)",
            EdgeChange.Start =>
                $"start the stopped edge{(Configuration.Ports.IsEmpty ? "" : $" on {List(Configuration.Ports)}")}",
            _ => "reload edge with new routes (no connection is closed)",
        };

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is null || !before.IsRouted ? [new RemoveEdge()]
        : Change == EdgeChange.Replace ? [new PrepareEdge(EdgeChange.Replace, AsItIs(before))]
        : [];

    /// <summary>The configuration that the containers of both slots ask for by their labels.</summary>
    internal static EdgeConfiguration AsItIs(Snapshot now) =>
        EdgeConfiguration.For(now.App, RoutesOf(now, Slot.Blue), RoutesOf(now, Slot.Green));

    /// <summary>Only what serves asks another release, which is the one before it.</summary>
    private static ImmutableArray<Route> RoutesOf(Snapshot now, Slot slot) =>
        now.Current?.Slot == slot ? now[slot].Routes : OldAssets.Without(now[slot].Routes);
}

internal sealed class PrepareEdgeHandler : StepHandler<PrepareEdge>
{
    protected override async Task RunAsync(
        PrepareEdge step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        await tools.Host.ConfigureAsync(step.Configuration, cancellationToken);
        if (step.Change == EdgeChange.Reload)
            await tools.Host.ReloadAsync(cancellationToken);
        else
            await tools.Platform.Edge.StartEdgeAsync(
                tools.Context.AppName,
                step.Configuration,
                step.Change == EdgeChange.Replace,
                cancellationToken
            );
        await tools.Edge.AwaitAnswerAsync(cancellationToken);
    }
}
