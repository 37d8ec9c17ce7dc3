using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Runs smoke tests on a release that has no traffic: each container is asked over the network that it shares with the
/// edge, and nothing of it is open to anybody. Nothing of it has to be taken back.
/// </summary>
/// <param name="Slot">Where it is.</param>
/// <param name="Tests">By name, in their order.</param>
/// <param name="Longest">How long all of them take at most.</param>
public sealed record TestRelease(Slot Slot, ImmutableArray<string> Tests, TimeSpan Longest) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"smoke test {Slot.Name()} without traffic: {List(Tests)} (in {Time(Longest)})";
}

internal sealed class TestReleaseHandler : StepHandler<TestRelease>
{
    protected override Task RunAsync(
        TestRelease step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => new SmokeRun(tools, step.Slot, isFrontDoor: false).RunAsync(step.Tests, cancellationToken);
}
