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
    /// Whether it is a migration after which the release before it does not work any more; default: false. The journal
    /// says so before it runs, and there is no way back from then on.
    /// </summary>
    public bool IsContract { get; init; }

    /// <summary>
    /// Those of a release that is to be started, in their order. One that is gone back to has done its work before.
    /// </summary>
    internal static IEnumerable<PlannedStep> Of(Application app, StartRelease start, Operation operation) =>
        All(app, start, operation).Where(run => !run.IsContract).Select(run => new PlannedStep(Phase.Prepare, run));

    /// <summary>Those that run once the release is in use and the one before it has stopped.</summary>
    internal static IEnumerable<PlannedStep> After(Application app, StartRelease start, Operation operation) =>
        All(app, start, operation).Where(run => run.IsContract).Select(run => new PlannedStep(Phase.Retire, run));

    /// <summary>Those that a deploy whose release stays has not run to their end: its own come after its release.</summary>
    internal static IEnumerable<RunOneOff> Left(Snapshot now, InterruptedDeploy interrupted) =>
        from container in now[interrupted.Slot].Containers
        where interrupted.Operation == Operation.Deploy && container is { IsOneOff: true, HasEndedWell: false }
        group container by container.Service into service
        select new RunOneOff(interrupted.Slot, interrupted.Release, service.Key, OneOffs.LongestDeadline)
        {
            IsContract = true,
        };

    private static IEnumerable<RunOneOff> All(Application app, StartRelease start, Operation operation) =>
        from name in operation == Operation.Deploy ? OneOffs.InOrder(app) : []
        let service = app.OneOffs.First(service => service.Name == name)
        select new RunOneOff(start.Slot, start.Release, name, service.OneOff!.Value)
        {
            Before = [.. OneOffs.WaitingFor(app, name)],
            Volumes = start.Volumes,
            IsContract = service.IsContract,
        };

    /// <inheritdoc/>
    public override string Describe() =>
        $"run {Service} once in {Slot.Name()}{(Before.IsEmpty ? "" : $", before {List(Before)}")}{(IsContract ? ", a contract migration: no way back across it" : "")} (in {Time(Deadline)})";

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        IsContract ? [] : [new RemoveRelease(Slot)];
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
        if (there.Count > 0 && there.TrueForAll(container => container.HasEndedWell))
            return;
        if (step.IsContract)
            await tools.Host.AppendAsync(
                new JournalRecord(tools.Time.GetUtcNow(), tools.Context.DeployId, JournalKind.Contract)
                {
                    Release = step.Release,
                    Step = step.Describe(),
                },
                cancellationToken
            );
        var run = new OneOffRun(tools);
        await run.ToItsEndAsync(
            step.Slot,
            step.Service,
            step.Deadline,
            // One that comes after the release was created with it.
            token =>
                there.Count > 0
                    ? tools.Platform.Releases.StartContainersAsync(there.Select(container => container.Id), token)
                    : tools.Platform.Releases.StartServiceAsync(
                        tools.App,
                        step.Slot,
                        step.Release,
                        step.Service,
                        replicas: null,
                        step.Volumes,
                        tools.Context.Options.HealthCheckInterval,
                        token
                    ),
            cancellationToken
        );
    }
}
