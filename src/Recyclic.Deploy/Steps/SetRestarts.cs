using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Gives the containers of the slot that serves their restart policy, and takes it from the others: what a commit does
/// besides, when that was cut short.
/// </summary>
public sealed record SetRestarts(Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"let {Slot.Name()} restart by itself, {Slot.Other().Name()} not";
}

internal sealed class SetRestartsHandler : StepHandler<SetRestarts>
{
    protected override Task RunAsync(
        SetRestarts step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Restarts.SettleAsync(step.Slot, cancellationToken);
}
