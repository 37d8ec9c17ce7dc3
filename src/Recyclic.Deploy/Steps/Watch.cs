using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Watches a slot that serves until its containers have lived this long and passed a health check at that age.
/// </summary>
/// <param name="Slot">The one that users are on.</param>
/// <param name="Age">Of each container since its start.</param>
public sealed record Watch(Slot Slot, TimeSpan Age) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"watch {Slot.Name()} until it has been up {Time(Age)} and is healthy";
}

internal sealed class WatchHandler : StepHandler<Watch>
{
    protected override async Task RunAsync(
        Watch step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var seen = await tools.Gate.LookAsync(step.Slot, null, cancellationToken);
        // An exclusive service has only just started; it is watched with the others, but waited for only where users
        // depend on it.
        var aged = seen
            .Containers.Where(container => container.IsGated || container.IsRouted)
            .Select(container => container.Id)
            .ToHashSet();
        await tools.Health.WatchAsync(
            seen.Containers,
            aged,
            seen.Mark,
            step.Age,
            step.Age + tools.Context.Options.DeployTimeout,
            cancellationToken
        );
        if ((await tools.ObserveAsync(cancellationToken)).Edge is { Exists: true, IsRunning: false })
            await tools.Edge.StartAgainAsync(cancellationToken);
    }
}
