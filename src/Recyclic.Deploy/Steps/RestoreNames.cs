using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// Joins containers to their networks anew, under the names that they have there, where the edge does not find them any
/// more.
/// </summary>
public sealed record RestoreNames(Slot Slot) : DeployStep
{
    /// <inheritdoc/>
    public override string Describe() => $"connect {Slot.Name()} and the accessories to their networks again";
}

/// <summary>
/// A container that has just started is found by itself within a moment; only what stays lost is connected anew.
/// </summary>
internal sealed class RestoreNamesHandler : StepHandler<RestoreNames>
{
    /// <summary>For how long the edge may find them by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <exception cref="StepFailedException">The edge does not find them.</exception>
    protected override async Task RunAsync(
        RestoreNames step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        if (await AreKnownAsync(step.Slot, Patience, tools, cancellationToken))
            return;
        // First the edge where it was taken off a network; then, if that was not it, the containers.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await tools.Platform.Edge.ReconnectAsync(tools.Context.AppName, cancellationToken);
            if (await AreKnownAsync(step.Slot, Deadline, tools, cancellationToken))
                return;
        }
        throw new StepFailedException(
            $"the edge does not find the containers of {step.Slot.Name()}, although they were connected to their network again",
            ["restarting the engine gives all containers their names back, and stops them for that time"]
        );
    }

    private static async Task<bool> AreKnownAsync(
        Slot slot,
        TimeSpan patience,
        StepTools tools,
        CancellationToken cancellationToken
    )
    {
        var time = tools.Time;
        var started = time.GetTimestamp();
        while (true)
        {
            var containers = (await tools.ObserveAsync(cancellationToken))[slot]
                .Containers.Where(container => container.IsHealthy);
            if (
                EdgeTargets
                    .Of(containers, slot, tools.Context.Naming.SlotNetwork(slot))
                    .AreKnown(await tools.Host.UsableServersAsync(cancellationToken))
            )
                return true;
            if (time.GetElapsedTime(started) >= patience)
                return false;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
