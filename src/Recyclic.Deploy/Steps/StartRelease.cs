using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Starts a release in a slot; exclusive services are created but not started.</summary>
public sealed record StartRelease(Slot Slot, Release Release) : DeployStep
{
    /// <summary>
    /// Where its services keep what they write without the file naming a volume; made if they are not there.
    /// </summary>
    public ImmutableArray<DataVolume> Volumes { get; init; } = [];

    /// <inheritdoc/>
    public override string Describe() => $"start {Slot.Name()} with {Release.Tag}";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [new Drain(Slot, options.DrainTimeout), new RemoveRelease(Slot)];
}

internal sealed class StartReleaseHandler : StepHandler<StartRelease>
{
    protected override Task RunAsync(
        StartRelease step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) =>
        tools.Platform.Releases.StartReleaseAsync(
            tools.App,
            step.Slot,
            step.Release,
            step.Volumes,
            tools.Context.Options.HealthCheckInterval,
            cancellationToken
        );
}
