using System.Globalization;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Has a share judged for a time: the next step comes if the new release is as good as the one beside it.</summary>
/// <param name="Slot">Where the new release is.</param>
/// <param name="Percent">How many visitors of a hundred have it.</param>
/// <param name="Duration">How long at least.</param>
/// <param name="HoldLimit">How much longer, while that cannot be told or a person holds it; then it fails.</param>
public sealed record Bake(Slot Slot, int Percent, TimeSpan Duration, TimeSpan HoldLimit) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"bake {Percent}% on {Slot.Name()} for {Time(Duration)}, judged beside {Slot.Other().Name()}"
        );
}

internal sealed class BakeHandler : StepHandler<Bake>
{
    protected override Task RunAsync(
        Bake step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => new CanaryStageRun(step, tools, deploy).RunAsync(cancellationToken);
}
