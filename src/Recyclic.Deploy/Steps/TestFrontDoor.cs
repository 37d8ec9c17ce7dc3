using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Runs the smoke tests once more where users come in: by the published ports, through the edge. It has moved nobody;
/// where it fails, the undo of the cutover before it takes users back to the release that is still warm.
/// </summary>
/// <param name="Slot">The one that users are on.</param>
/// <param name="Tests">By name, in their order.</param>
/// <param name="Longest">How long all of them take at most.</param>
public sealed record TestFrontDoor(Slot Slot, ImmutableArray<string> Tests, TimeSpan Longest) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"smoke test {Slot.Name()} through the front door: {List(Tests)} (in {Time(Longest)})";
}

internal sealed class TestFrontDoorHandler : StepHandler<TestFrontDoor>
{
    protected override Task RunAsync(
        TestFrontDoor step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => new SmokeRun(tools, step.Slot, isFrontDoor: true).RunAsync(step.Tests, cancellationToken);
}
