using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>A slot's containers as they were seen.</summary>
/// <param name="Mark">The watch's mark from before the look: from there on nothing that happens to them goes
/// unseen.</param>
internal sealed record SeenSlot(Slot Slot, int Mark, IReadOnlyCollection<Container> Containers);

/// <summary>Looks at a slot's containers and waits until users may be sent to them.</summary>
internal sealed class SlotGate(StepTools tools)
{
    /// <param name="services">Null: all that the slot has and that stays up.</param>
    /// <exception cref="StepFailedException">One of the services has no container.</exception>
    public async Task<SeenSlot> LookAsync(Slot slot, IEnumerable<string>? services, CancellationToken cancellationToken)
    {
        var mark = tools.Watch.Mark;
        var containers = (await tools.ObserveAsync(cancellationToken))[slot]
            .Containers.Where(container => services?.Contains(container.Service) ?? !container.IsOneOff)
            .ToList();
        foreach (var missing in (services ?? []).Except(containers.Select(container => container.Service)))
            throw new StepFailedException(
                $"{missing} has no container in {slot.Name()}",
                ["it was created and then removed; by whom, `docker events` may say"]
            );
        return new SeenSlot(slot, mark, containers);
    }

    /// <summary>Healthy, and known to the edge; looking for the one stops when the other fails.</summary>
    public async Task AwaitReadyAsync(
        SeenSlot seen,
        TimeSpan deadline,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var known = AwaitKnownToEdgeAsync(seen, either.Token);
        try
        {
            await tools.Health.AwaitHealthyAsync(seen.Containers, seen.Mark, deadline, cancellationToken);
            deploy.AllAreHealthy();
            await known;
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAny(known);
        }
    }

    /// <summary>
    /// The edge learns addresses from the engine's DNS as containers start; normally long before they are healthy.
    /// </summary>
    private async Task AwaitKnownToEdgeAsync(SeenSlot seen, CancellationToken cancellationToken)
    {
        if (!tools.Platform.Traits.HasEdge)
            return;
        var (context, edge) = (tools.Context, tools.Edge);
        var targets = EdgeTargets.Of(seen.Containers, seen.Slot, context.Naming.SlotNetwork(seen.Slot));
        if (targets.IsEmpty)
            return;
        await edge.UntilAsync(
            async () =>
            {
                var usable = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
                await edge.AskAsync(
                    async () => usable = await tools.Host.UsableServersAsync(cancellationToken),
                    cancellationToken
                );
                return targets.AreKnown(usable);
            },
            context.Options.DeployTimeout,
            $"the edge did not find all containers of {seen.Slot.Name()}",
            cancellationToken
        );
    }
}
