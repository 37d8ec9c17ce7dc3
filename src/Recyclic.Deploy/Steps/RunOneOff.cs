using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Runs what a release does once, such as a migration, to its end. One that has ended well in this slot is not run
/// again.
/// </summary>
/// <param name="Slot">Where its container is.</param>
/// <param name="Release">Whose image it has.</param>
/// <param name="Service">Its name in the file.</param>
/// <param name="Deadline">From its start to its end.</param>
public sealed record RunOneOff(Slot Slot, Release Release, string Service, TimeSpan Deadline) : DeployStep
{
    /// <summary>The services that wait for it; default: none.</summary>
    public ImmutableArray<string> Before { get; init; } = [];

    /// <summary>
    /// Where services of its release keep what they write without the file naming a volume; made if they are not there.
    /// </summary>
    public ImmutableArray<DataVolume> Volumes { get; init; } = [];

    /// <summary>
    /// Those of a release that is to be started, in their order. One that is gone back to has done its work before.
    /// </summary>
    internal static IEnumerable<RunOneOff> Of(Application app, StartRelease start, Operation operation) =>
        from name in operation == Operation.Deploy ? OneOffs.InOrder(app) : []
        let deadline = app.OneOffs.First(service => service.Name == name).OneOff!.Value
        select new RunOneOff(start.Slot, start.Release, name, deadline)
        {
            Before = [.. OneOffs.WaitingFor(app, name)],
            Volumes = start.Volumes,
        };

    /// <inheritdoc/>
    public override string Describe() =>
        $"run {Service} once in {Slot.Name()}{(Before.IsEmpty ? "" : $", before {List(Before)}")} (in {Time(Deadline)})";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [new RemoveRelease(Slot)];
}

internal sealed class RunOneOffHandler : StepHandler<RunOneOff>
{
    protected override async Task RunAsync(
        RunOneOff step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var there = (await tools.ObserveAsync(cancellationToken))[step.Slot].Of(step.Service).ToList();
        if (there.Count > 0 && there.TrueForAll(container => container is { State: "exited", ExitCode: 0 }))
            return;
        var run = new OneOffRun(tools);
        await run.ToItsEndAsync(
            step.Slot,
            step.Service,
            step.Deadline,
            token =>
                tools.Platform.Releases.StartOneOffAsync(
                    tools.App,
                    step.Slot,
                    step.Release,
                    step.Service,
                    step.Volumes,
                    tools.Context.Options.HealthCheckInterval,
                    token
                ),
            cancellationToken
        );
    }
}
