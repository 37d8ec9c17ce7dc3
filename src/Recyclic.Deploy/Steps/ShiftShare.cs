using System.Collections.Immutable;
using System.Globalization;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>A canary step: moves a part of the visitors to a slot; who was moved before stays there.</summary>
/// <param name="Slot">Where the new release is.</param>
/// <param name="Percent">How many of a hundred have it from now on, 1 to 99.</param>
public sealed record ShiftShare(Slot Slot, int Percent) : DeployStep
{
    /// <summary>The green share that this is.</summary>
    internal int Share => Slot == Slot.Green ? Percent : 100 - Percent;

    /// <inheritdoc/>
    public override bool MovesUsers => true;

    /// <inheritdoc/>
    public override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"shift {Percent}% of the visitors to {Slot.Name()}");

    /// <summary>All go back at once; what they had begun is let end before its slot is stopped.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is { } current ? [new CutOver(current.Slot), new Drain(Slot, options.DrainTimeout)] : [];
}

internal sealed class ShiftShareHandler : StepHandler<ShiftShare>
{
    protected override async Task RunAsync(
        ShiftShare step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        // The gate has seen to the fresh slot's policies already.
        if (deploy.Fresh?.Slot != step.Slot)
            await tools.Restarts.AllowSlotAsync(step.Slot, cancellationToken);
        await tools.Edge.AskAsync(() => tools.Host.SetShareAsync(step.Share, cancellationToken), cancellationToken);
    }
}
