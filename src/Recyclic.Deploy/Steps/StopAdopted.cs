using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Stops containers that plain compose has made, which the release goes for. They stay, stopped.</summary>
/// <param name="For">Where the release runs that they stop for.</param>
public sealed record StopAdopted(ImmutableArray<AdoptedContainer> Containers, Slot For) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"stop {Containers.Names()} of plain compose (they stay)";

    /// <summary>What is stopped right before a step.</summary>
    /// <param name="exclusive">What must not run beside its successor.</param>
    /// <param name="others">What goes when users have the release.</param>
    internal static IEnumerable<PlannedStep> Before(
        PlannedStep step,
        ImmutableArray<AdoptedContainer> exclusive,
        ImmutableArray<AdoptedContainer> others,
        Slot to
    )
    {
        if (step.Action is HandOver && !exclusive.IsEmpty)
            yield return new(Phase.Shift, new StopAdopted(exclusive, to));
        if (step.Action is Commit && !others.IsEmpty)
            yield return new(Phase.Shift, new StopAdopted(others, to));
    }

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        [new StartAdopted(Containers, For)];
}

internal sealed class StopAdoptedHandler : StepHandler<StopAdopted>
{
    protected override async Task RunAsync(
        StopAdopted step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) =>
        await tools.Platform.Accessories.StopAdoptedAsync(
            tools.Context.AppName,
            step.Containers.Still(await tools.ObserveAsync(cancellationToken)),
            cancellationToken
        );
}
