using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Makes gates, exchanges those that cannot be there at once, and removes them.</summary>
internal sealed class GateKeeper(HostChanges changes, AppRecords records, HostReader reader, DockerEdge edges)
{
    private readonly Forwarders _forwarders = new(changes);

    /// <exception cref="EngineException">A gate does not answer.</exception>
    public async Task OpenAsync(
        string app,
        ImmutableArray<PortGate> gates,
        ImmutableArray<PortGate> instead,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app, cancellationToken);
        var expected = Expected(record);
        var there = (await reader.ObserveAsync(app, cancellationToken)).Gates;
        var going = there.Where(each => instead.Contains(each.Gate)).ToList();
        var publishing = await edges.FindPublishingAsync(app, cancellationToken);
        // All that takes time comes before what has the ports is stopped.
        var opening = await Task.WhenAll(
            gates.Select(async gate =>
                there.FirstOrDefault(each => each.Gate == gate)
                ?? new GateState(gate, await CreateAsync(record, gate, cancellationToken), "", false)
            )
        );
        var stopped = going.Where(gate => gate.IsRunning).Select(gate => gate.Id).ToList();
        await edges.KillAsync(app, publishing, cancellationToken);
        if (stopped.Count > 0)
            await changes.KillAsync(stopped, expected, cancellationToken);
        try
        {
            await Task.WhenAll(
                opening.Select(gate => changes.OpenDoorAsync(gate.Id, gate.IsRunning, expected, cancellationToken))
            );
        }
        catch when (stopped.Count > 0)
        {
            var made = opening.Where(gate => !gate.IsRunning).Select(gate => gate.Id).ToList();
            await changes.RemoveAsync(made, expected, CancellationToken.None);
            foreach (var gate in stopped)
                await changes.StartAsync(gate, expected, CancellationToken.None);
            throw;
        }
        await Task.WhenAll(
            opening.Select(gate =>
                _forwarders.AwaitAnswerAsync($"the gate of port {gate.Gate}", gate.Id, cancellationToken)
            )
        );
        await changes.RemoveAsync([.. going.Select(gate => gate.Id)], expected, cancellationToken);
        await edges.RemoveAsync(app, publishing, cancellationToken);
    }

    public async Task CloseAsync(string app, ImmutableArray<PortGate> gates, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var there = (await reader.ObserveAsync(app, cancellationToken)).Gates;
        await changes.RemoveAsync(
            [.. there.Where(gate => gates.Contains(gate.Gate)).Select(gate => gate.Id)],
            Expected(record),
            cancellationToken
        );
    }

    private Task<string> CreateAsync(AppRecord record, PortGate gate, CancellationToken cancellationToken) =>
        changes.CreateAsync(
            record.Naming.App,
            EdgeCommands.Gate(record.Naming, gate, record.Ownership.Mark(AppRecords.Nonce())),
            cancellationToken
        );

    private static ExpectedLabels Expected(AppRecord record) => ExpectedLabels.Ours(record.Ownership, Naming.GateRole);
}
