using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Publishes the ports that containers of plain compose have: those stop, and the edge, which has the release behind it by
/// then, has the ports at once.
/// </summary>
/// <param name="From">They stay, stopped; empty: they have been stopped already.</param>
/// <param name="For">Where the release runs that they stop for.</param>
public sealed record TakeOverPorts(ImmutableArray<PortGate> Gates, ImmutableArray<AdoptedContainer> From, Slot For)
    : DeployStep
{
    internal override bool HasGap => true;

    /// <inheritdoc/>
    public override string Describe() =>
        $"take over {List(Gates)}{(From.IsEmpty ? "" : $" from {From.Names()}")} (at most 1 s without service)";

    /// <summary>The same step, or one that takes the ports over where it would publish them to users.</summary>
    internal static PlannedStep InsteadOf(PlannedStep step, ImmutableArray<AdoptedContainer> from, Slot to) =>
        step is { Phase: Phase.Shift, Action: OpenGates { Gates: var gates } }
            ? new(Phase.Shift, new TakeOverPorts(gates, [.. from.Where(container => container.Publishes)], to))
            : step;

    /// <summary>The ports are given back: only then can the old containers start.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [
            .. Gates.IsEmpty ? Array.Empty<DeployStep>() : [new CloseGates(Gates)],
            .. From.IsEmpty ? Array.Empty<DeployStep>() : [new StartAdopted(From, For)],
        ];
}

internal sealed class TakeOverPortsHandler : StepHandler<TakeOverPorts>
{
    protected override async Task RunAsync(
        TakeOverPorts step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        foreach (var gate in step.Gates)
            await tools.Host.ConfigureGateAsync(gate, cancellationToken);
        var from = step.From.Still(await tools.ObserveAsync(cancellationToken));
        var gap = await tools.Platform.Edge.TakeOverPortsAsync(
            tools.Context.AppName,
            step.Gates,
            from,
            cancellationToken
        );
        tools.Reporter.Note(
            FormattableString.Invariant(
                $"nobody listened on {string.Join(", ", step.Gates)} for {gap.TotalSeconds:0.00} s at most; who came meanwhile was refused by the host and is not counted"
            )
        );
        // They are stopped; what is left is that they do not come back by themselves.
        await tools.Platform.Accessories.StopAdoptedAsync(tools.Context.AppName, from, cancellationToken);
    }
}
