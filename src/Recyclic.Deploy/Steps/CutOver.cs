using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Moves all new traffic of all services to a slot, by the one number that the edge obeys.</summary>
public sealed record CutOver(Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override bool MovesUsers => true;

    /// <inheritdoc/>
    public override string Describe() => $"cut over: all traffic to {Slot.Name()}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is { } current ? [new CutOver(current.Slot)] : [];
}

internal sealed class CutOverHandler : StepHandler<CutOver>
{
    protected override async Task RunAsync(
        CutOver step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        // The gate has seen to the fresh slot's policies already.
        if (deploy.Fresh?.Slot != step.Slot)
            await tools.Restarts.AllowSlotAsync(step.Slot, cancellationToken);
        await tools.Edge.AskAsync(
            () => tools.Host.SetShareAsync(step.Slot.FullShare(), cancellationToken),
            cancellationToken
        );
        deploy.UsersAreSentTo(step.Slot);
    }
}
