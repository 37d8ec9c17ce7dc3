using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Starts the stopped containers of a slot again, but for those that are handed over.</summary>
public sealed record ResumeRelease(Slot Slot, Release Release) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"start {Slot.Name()} again with {Release.Tag}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [new Drain(Slot, options.DrainTimeout), new StopRelease(Slot)];
}

internal sealed class ResumeReleaseHandler : StepHandler<ResumeRelease>
{
    protected override async Task RunAsync(
        ResumeRelease step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.ObserveAsync(cancellationToken);
        await tools.Platform.Releases.StartContainersAsync(
            now.Together(step.Slot).Select(container => container.Id),
            cancellationToken
        );
    }
}
