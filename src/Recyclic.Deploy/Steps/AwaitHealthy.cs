using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// The health gate: all containers of these services healthy and known to the edge, or a reason why not.
/// </summary>
/// <param name="Slot">Where they run.</param>
/// <param name="Services">Of the release, without what is handed over or runs once.</param>
/// <param name="Deadline">From the beginning of the step.</param>
public sealed record AwaitHealthy(Slot Slot, ImmutableArray<string> Services, TimeSpan Deadline) : DeployStep
{
    /// <summary>Whether they run already, without traffic; default false.</summary>
    public bool RunAlready { get; init; }

    /// <inheritdoc/>
    public override string Describe() => $"gate: {List(Services)} in {Slot.Name()} healthy (in {Time(Deadline)})";

    /// <summary>The gate lets them restart by themselves; one that stays warm after all must not.</summary>
    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        RunAlready && before.Current is { } current ? [new SetRestarts(current.Slot)] : [];
}

internal sealed class AwaitHealthyHandler : StepHandler<AwaitHealthy>
{
    protected override async Task RunAsync(
        AwaitHealthy step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var seen = await tools.Gate.LookAsync(step.Slot, step.Services, cancellationToken);
        // Now, while they start: the cutover needs it, and is not to wait for it.
        await tools.Restarts.AllowAsync(seen.Containers, cancellationToken);
        await tools.Gate.AwaitReadyAsync(seen, step.Deadline, deploy, cancellationToken);
        deploy.Fresh = seen;
    }
}
