using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes what an earlier release left in the idle slot.</summary>
/// <param name="Was">The tag of that release; null: not known.</param>
public sealed record ClearSlot(Slot Slot, string? Was) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"clear {Slot.Name()}{(Was is null ? "" : $" (held {Was})")}";
}

internal sealed class ClearSlotHandler : StepHandler<ClearSlot>
{
    protected override Task RunAsync(
        ClearSlot step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Releases.RemoveReleaseAsync(tools.Context.AppName, step.Slot, cancellationToken);
}
