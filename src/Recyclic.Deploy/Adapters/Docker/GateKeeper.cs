using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Makes gates, exchanges those that cannot be there at once, and removes them.</summary>
internal sealed class GateKeeper(HostChanges changes, AppRecords records, HostReader reader, DockerEdge edges)
{
    /// <summary>In the place of the name of one that was just made.</summary>
    private const string IsNew = "";

    private const int MostStarts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly string[] InUse = ["already allocated", "already in use"];

    private readonly Forwarders _forwarders = new(changes);

    /// <returns>See <see cref="Ports.IEdgeHost.OpenGatesAsync"/>.</returns>
    /// <exception cref="EngineException">A gate does not answer.</exception>
    public async Task<TimeSpan> OpenAsync(
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
                ?? new GateState(gate, await CreateAsync(record, gate, cancellationToken), IsNew, false)
            )
        );
        var begun = Stopwatch.GetTimestamp();
        var stopped = going.Where(gate => gate.IsRunning).Select(gate => gate.Id).ToList();
        await edges.KillAsync(app, publishing, cancellationToken);
        if (stopped.Count > 0)
            await changes.KillAsync(stopped, expected, cancellationToken);
        try
        {
            await Task.WhenAll(
                opening.Select(gate =>
                    gate.Name == IsNew
                        ? changes.StartAsync(gate.Id, expected, cancellationToken)
                        : changes.OpenDoorAsync(gate.Id, gate.IsRunning, expected, cancellationToken)
                )
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
        var gap = stopped.Count > 0 || !publishing.IsEmpty ? Stopwatch.GetElapsedTime(begun) : TimeSpan.Zero;
        await changes.RemoveAsync([.. going.Select(gate => gate.Id)], expected, cancellationToken);
        await edges.RemoveAsync(app, publishing, cancellationToken);
        return gap;
    }

    /// <param name="free">Stops what has the ports.</param>
    /// <returns>See <see cref="Ports.IEdgeHost.TakeOverPortsAsync"/>.</returns>
    /// <exception cref="EngineException">A gate does not answer.</exception>
    public async Task<TimeSpan> TakeOverAsync(
        string app,
        ImmutableArray<PortGate> gates,
        Func<CancellationToken, Task> free,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app, cancellationToken);
        var expected = Expected(record);
        var there = (await reader.ObserveAsync(app, cancellationToken)).Gates;
        // All that takes time comes before what has the ports is stopped.
        var opening = await Task.WhenAll(
            gates.Select(async gate =>
                there.FirstOrDefault(each => each.Gate == gate)?.Id
                ?? await CreateAsync(record, gate, cancellationToken)
            )
        );
        var begun = Stopwatch.GetTimestamp();
        await free(cancellationToken);
        await Task.WhenAll(opening.Select(gate => StartAsync(gate, expected, cancellationToken)));
        await Task.WhenAll(
            opening.Zip(
                gates,
                (gate, port) => _forwarders.AwaitAnswerAsync($"the gate of port {port}", gate, cancellationToken)
            )
        );
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>The engine may give a port free a moment after it has said that its container has ended.</summary>
    private async Task StartAsync(string gate, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await changes.StartAsync(gate, expected, cancellationToken);
                return;
            }
            catch (CommandFailedException exception)
                when (attempt < MostStarts
                    && InUse.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase))
                )
            {
                await Task.Delay(Pause, cancellationToken);
            }
    }

    public async Task CloseAsync(string app, ImmutableArray<PortGate> gates, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var there = (await reader.ObserveAsync(app, cancellationToken)).Gates;
        await changes.RemoveSoftlyAsync(
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
