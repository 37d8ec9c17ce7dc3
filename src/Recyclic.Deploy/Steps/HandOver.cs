using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Hands over what must not run twice: all old ones stop, what needs another one first, then the new ones start in the
/// order of their dependencies, each after those before it have passed the gate. So two releases never write at once,
/// whichever services share a folder. </summary>
/// <param name="From">Where they run; null: nowhere.</param>
public sealed record HandOver(ImmutableArray<string> Services, Slot? From, Slot To, TimeSpan Deadline) : DeployStep
{
    /// <summary>
    /// Whether the others are started all the same when one fails, as on the way back to what users had; default false.
    /// </summary>
    public bool GoesOn { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        From is { } from
            ? $"hand over {List(Services)}: stop in {from.Name()}, start in {To.Name()}, healthy (in {Time(Deadline)})"
            : $"start {List(Services)} in {To.Name()}, healthy (in {Time(Deadline)})";

    /// <inheritdoc/>
    public bool Equals(HandOver? other) =>
        other is not null
        && Services.SequenceEqual(other.Services)
        && (From, To, Deadline, GoesOn) == (other.From, other.To, other.Deadline, other.GoesOn);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Services.Length, From, To, Deadline, GoesOn);

    internal override ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) =>
        before.Current is { } current ? [new HandOver(Services, To, current.Slot, Deadline) { GoesOn = true }] : [];
}

internal sealed class HandOverHandler : StepHandler<HandOver>
{
    protected override async Task RunAsync(
        HandOver step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.ObserveAsync(cancellationToken);
        // One that has just crashed may come back by its restart policy at any moment: only a stop keeps it down.
        var old = step.From is { } from
            ? now[from]
                .Containers.Where(container =>
                    step.Services.Contains(container.Service) && container.State != "created"
                )
                .ToList()
            : [];
        // The release that takes over may not have all of them.
        var next = now[step.To].Containers.Where(container => step.Services.Contains(container.Service)).ToList();
        await tools.Holding.BeginAsync(step, [.. old, .. next], cancellationToken);
        foreach (
            var together in old.GroupBy(container => container.HandOverOrder).OrderByDescending(group => group.Key)
        )
            await tools.Platform.Releases.StopContainersAsync(
                together.Select(container => container.Id),
                cancellationToken
            );
        // Not before: until the old ones are down an engine that restarts must bring back these, and only these.
        await tools.Restarts.HandAsync(old, next, cancellationToken);

        Exception? failed = null;
        foreach (var together in next.GroupBy(container => container.HandOverOrder).OrderBy(group => group.Key))
            try
            {
                await tools.Platform.Releases.StartContainersAsync(
                    together.Select(container => container.Id),
                    cancellationToken
                );
                var started = await tools.Gate.LookAsync(
                    step.To,
                    together.Select(container => container.Service).Distinct(),
                    cancellationToken
                );
                await tools.Gate.AwaitReadyAsync(started, step.Deadline, deploy, cancellationToken);
            }
            catch (Exception exception) when (step.GoesOn && exception is not OperationCanceledException)
            {
                failed ??= exception;
            }
        await tools.Holding.EndAsync(step.To, cancellationToken);
        if (failed is not null)
            ExceptionDispatchInfo.Throw(failed);
    }
}
