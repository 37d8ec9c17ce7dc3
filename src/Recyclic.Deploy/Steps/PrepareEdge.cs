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
    /// Another one takes its place, made of the image of now: new connections come to that one, and what is open in the
    /// old one ends there by itself.
    /// </summary>
    Replace,

    /// <summary>It is there and stopped.</summary>
    Start,

    /// <summary>It runs with other routes; no connection is closed.</summary>
    Reload,

    /// <summary>It is as it should be, and others that it replaced are not: they are to end, or have.</summary>
    Settle,
}

/// <summary>Makes the edge run this configuration.</summary>
public sealed record PrepareEdge(EdgeChange Change, EdgeConfiguration Configuration) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        Change switch
        {
            EdgeChange.Create => "start edge",
            EdgeChange.Replace => "replace edge by one of this version (no connection is closed)",
            EdgeChange.Start => "start the stopped edge",
            EdgeChange.Settle => "let go of edges that were replaced",
            _ => "reload edge with new routes (no connection is closed)",
        };

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is null || !before.IsRouted ? [new RemoveEdge()] : [];

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
        if (step.Change == EdgeChange.Replace)
            await ReplaceAsync(step, tools, cancellationToken);
        else if (step.Change == EdgeChange.Reload)
            await tools.Host.ReloadAsync(cancellationToken);
        else if (step.Change != EdgeChange.Settle)
            await tools.Platform.Edge.StartEdgeAsync(
                tools.Context.AppName,
                step.Configuration,
                replace: false,
                cancellationToken
            );
        await tools.Edge.AwaitAnswerAsync(cancellationToken);
        // From here on every new connection comes to it.
        await tools.Platform.Edge.RetireEdgesAsync(tools.Context.AppName, cancellationToken);
    }

    private static async Task ReplaceAsync(PrepareEdge step, StepTools tools, CancellationToken cancellationToken)
    {
        try
        {
            await tools.Host.HandOverEdgeAsync(cancellationToken);
            await tools.Platform.Edge.StartEdgeAsync(
                tools.Context.AppName,
                step.Configuration,
                replace: true,
                cancellationToken
            );
            await tools.Edge.AwaitTakeOverAsync(cancellationToken);
        }
        catch (Exception) when (!tools.Host.Lost.IsCancellationRequested)
        {
            // Users have the old one, or get it back: it is no different from before.
            await tools.Edge.ReturnAsync(step.Configuration);
            throw;
        }
    }
}
