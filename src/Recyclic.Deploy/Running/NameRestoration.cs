using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>Lets the edge find the containers of a slot again that work and whose names the engine has lost.</summary>
internal sealed class NameRestoration(IEngine engine, ILockedHost host, DeployContext context, TimeProvider time)
{
    /// <summary>For how long the edge may find them by itself: a container that has just started is known within a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <exception cref="StepFailedException">The edge does not find them.</exception>
    public async Task RunAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (await AreKnownAsync(slot, Patience, cancellationToken)) return;
        // First the edge where it was taken off a network; then, if that was not it, the containers.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await engine.ReconnectAsync(context.AppName, cancellationToken);
            if (await AreKnownAsync(slot, Deadline, cancellationToken)) return;
        }
        throw new StepFailedException($"the edge does not find the containers of {slot.Name()}, although they were connected to their network again",
            ["restarting the engine gives all containers their names back, and stops them for that time"]);
    }

    private async Task<bool> AreKnownAsync(Slot slot, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var containers = (await engine.ObserveAsync(context.AppName, cancellationToken))[slot].Containers.Where(container => container.IsHealthy);
            if (EdgeTargets.Of(containers, slot, context.Naming.SlotNetwork(slot)).AreKnown(await host.UsableServersAsync(cancellationToken))) return true;
            if (time.GetElapsedTime(started) >= patience) return false;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
