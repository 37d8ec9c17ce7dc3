using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Starts some containers of a service before its others, and waits until they are healthy: of those that migrate
/// a database when they start, one does it while nobody else tries.
/// </summary>
/// <param name="Slot">Where they run.</param>
/// <param name="Release">Whose image they have.</param>
/// <param name="Service">Its name in the file.</param>
/// <param name="Count">Fewer than it has replicas.</param>
/// <param name="Deadline">From the beginning of the step until they are healthy.</param>
public sealed record StartFirst(Slot Slot, Release Release, string Service, int Count, TimeSpan Deadline) : DeployStep
{
    /// <summary>
    /// Where services of its release keep what they write without the file naming a volume; made if they are not there.
    /// </summary>
    public ImmutableArray<DataVolume> Volumes { get; init; } = [];

    /// <summary>Those of a release that is to be started, in the order of the file.</summary>
    internal static IEnumerable<PlannedStep> Of(Application app, StartRelease start, DeployOptions options) =>
        from service in app.Overlapping
        where service.StartsFirst < service.Replicas
        select new PlannedStep(
            Phase.Prepare,
            new StartFirst(start.Slot, start.Release, service.Name, service.StartsFirst!.Value, options.DeployTimeout)
            {
                Volumes = start.Volumes,
            }
        );

    /// <inheritdoc/>
    public override string Describe() =>
        $"start {Count} of {Service} in {Slot.Name()} first, healthy (in {Time(Deadline)})";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [new RemoveRelease(Slot)];
}

internal sealed class StartFirstHandler : StepHandler<StartFirst>
{
    protected override async Task RunAsync(
        StartFirst step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        await tools.Platform.Releases.StartServiceAsync(
            tools.App,
            step.Slot,
            step.Release,
            step.Service,
            step.Count,
            step.Volumes,
            tools.Context.Options.HealthCheckInterval,
            cancellationToken
        );
        var seen = await tools.Gate.LookAsync(step.Slot, [step.Service], cancellationToken);
        await tools.Gate.AwaitReadyAsync(seen, step.Deadline, deploy, cancellationToken);
    }
}
