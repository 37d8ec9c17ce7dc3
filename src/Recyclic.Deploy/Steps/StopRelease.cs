using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Stops a slot: its containers stay for a rollback, and do not come back when the engine does.</summary>
public sealed record StopRelease(Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"stop {Slot.Name()} (its containers stay)";
}

internal sealed class StopReleaseHandler : StepHandler<StopRelease>
{
    protected override async Task RunAsync(
        StopRelease step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var slot = (await tools.ObserveAsync(cancellationToken))[step.Slot];
        await tools.Restarts.ForbidAsync(slot.Containers, cancellationToken);
        await tools.Platform.Releases.StopContainersAsync(
            slot.Containers.Where(container => container.State is "running" or "restarting")
                .Select(container => container.Id),
            cancellationToken
        );
    }
}
