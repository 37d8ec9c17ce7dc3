using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Runs the health checks of containers that start as soon as it is worth it: once their port accepts connections, which
/// the edge sees without a process in them. The engine probes them too, rarely, and its verdict counts as ever.
/// </summary>
internal sealed class EarlyProbes(
    IHealthSource health,
    ContainerWatch watch,
    IDeployReporter reporter,
    TimeProvider time
)
{
    /// <summary>Until cancelled at most; it never fails, since without it the engine's own probes tell.</summary>
    public async Task RunAsync(IEnumerable<GatedContainer> containers, CancellationToken cancellationToken)
    {
        var starting = containers
            .Where(container => container.Health == "starting" && container.Listens is not null)
            .ToImmutableDictionary(container => container.Id);
        if (starting.IsEmpty)
            return;
        var probing = new List<Task>();
        try
        {
            await foreach (
                var id in health.WatchListeningAsync(
                    starting.ToImmutableDictionary(entry => entry.Key, entry => entry.Value.Listens!.Value),
                    cancellationToken
                )
            )
                if (starting.TryGetValue(id, out var container))
                    probing.Add(ProbeAsync(container, SlotProbes.StartIntervalFor(starting.Count), cancellationToken));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reporter.Note(
                $"the ports of what starts could not be watched, so the engine's probes tell: {exception.Message}"
            );
        }
        catch (Exception)
        {
            // The gate has its verdict.
        }
        await Task.WhenAll(probing);
    }

    private async Task ProbeAsync(GatedContainer container, TimeSpan interval, CancellationToken cancellationToken)
    {
        try
        {
            while (!await health.ProbeNowAsync(container.Id, cancellationToken))
                await Task.Delay(interval, time, cancellationToken);
            watch.Tell(
                new ContainerEvent(
                    container.Id,
                    container.Name,
                    container.Service,
                    null,
                    ContainerEventKind.Passed,
                    0,
                    time.GetUtcNow()
                )
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reporter.Note(
                $"the health check of {container.Name} could not be run, so the engine's probes tell: {exception.Message}"
            );
        }
        catch (Exception)
        {
            // The gate has its verdict.
        }
    }
}
