using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Judges the release that users have by what the one before it did in its last hour; on a breach the deploy goes back by
/// its undo.
/// </summary>
/// <param name="Slot">The one that users are on.</param>
/// <param name="Duration">For how long.</param>
public sealed record WatchOver(Slot Slot, TimeSpan Duration) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() =>
        $"watch {Slot.Name()} for {Time(Duration)}, judged against the last hour of {Slot.Other().Name()}";
}

internal sealed class WatchOverHandler : StepHandler<WatchOver>
{
    protected override Task RunAsync(
        WatchOver step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    ) => new WatchRun(step, tools).RunAsync(cancellationToken);
}
