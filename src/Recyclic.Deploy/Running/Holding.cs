using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Lets the requests for what is handed over wait in the edge, instead of failing while nothing answers: until the share
/// leads to the new ones, or, where it leads to them already as on the way back, until they are there.
/// </summary>
internal sealed class Holding(StepTools tools)
{
    /// <summary>
    /// How long what was begun may take before the old one is stopped, while new requests wait already; what takes
    /// longer, such as a WebSocket, is ended by the stop.
    /// </summary>
    private static readonly TimeSpan Begun = TimeSpan.FromSeconds(5);

    /// <summary>What stopping may take besides the gate.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    /// <summary>
    /// From here on what comes for the services waits. Returns when what they had begun is done, or after 5 s.
    /// </summary>
    /// <param name="containers">What is stopped and what is started in its place.</param>
    public async Task BeginAsync(HandOver step, IEnumerable<Container> containers, CancellationToken cancellationToken)
    {
        var patience = containers
            .Where(container => container.IsRouted && container.HoldsFor > TimeSpan.Zero)
            .GroupBy(container => container.Service)
            .ToImmutableDictionary(service => service.Key, service => service.First().HoldsFor);
        if (!tools.Platform.Traits.HasEdge || patience.IsEmpty || step.From is not { } from)
            return;
        var isHeld = false;
        await tools.Edge.AskAsync(
            async () =>
                isHeld = await tools.Host.HoldAsync(
                    patience,
                    await LeadsToAsync(step.To, cancellationToken) ? null : step.To.FullShare(),
                    step.Deadline + Margin,
                    cancellationToken
                ),
            cancellationToken,
            withoutEdge: () => { }
        );
        if (isHeld)
            await DoneAsync(from, [.. patience.Keys], cancellationToken);
    }

    /// <summary>
    /// What waits goes on, where the share leads to these already; else the cutover lets it go, and one back makes it
    /// wait again.
    /// </summary>
    public async Task EndAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (!tools.Platform.Traits.HasEdge)
            return;
        await tools.Edge.AskAsync(
            async () =>
            {
                if (await LeadsToAsync(slot, cancellationToken))
                    await tools.Host.HoldAsync([], null, TimeSpan.Zero, cancellationToken);
            },
            cancellationToken,
            withoutEdge: () => { }
        );
    }

    private async Task<bool> LeadsToAsync(Slot slot, CancellationToken cancellationToken) =>
        (await tools.Host.ReadAsync(cancellationToken)).Share == slot.FullShare();

    private async Task DoneAsync(Slot slot, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        var time = tools.Time;
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Begun)
        {
            var open = 0;
            await tools.Edge.AskAsync(
                async () => open = await tools.Host.OpenSessionsAsync(slot, services, cancellationToken),
                cancellationToken,
                withoutEdge: () => open = 0
            );
            if (open == 0)
                return;
            // HAProxy has no event for the end of a session.
            await Task.Delay(EdgeCare.Poll, time, cancellationToken);
        }
    }
}
