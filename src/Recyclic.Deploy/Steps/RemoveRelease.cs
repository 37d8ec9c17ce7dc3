using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Removes the containers of a slot.</summary>
public sealed record RemoveRelease(Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"remove {Slot.Name()}";
}

internal sealed class RemoveReleaseHandler : StepHandler<RemoveRelease>
{
    protected override Task RunAsync(
        RemoveRelease step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => tools.Platform.Releases.RemoveReleaseAsync(tools.Context.AppName, step.Slot, cancellationToken);
}
