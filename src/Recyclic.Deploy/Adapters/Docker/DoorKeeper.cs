using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Makes doors, keeps them in order, and removes them.</summary>
internal sealed class DoorKeeper(HostChanges changes, AppRecords records, HostReader reader)
{
    private readonly Forwarders _forwarders = new(changes);

    /// <exception cref="EngineException">A door does not answer.</exception>
    public async Task OpenAsync(string app, ImmutableArray<Door> doors, CancellationToken cancellationToken)
    {
        var record = await records.EnsureAsync(app, cancellationToken);
        var there = (await reader.ObserveAsync(app, cancellationToken)).Doors;
        await Task.WhenAll(
            doors.Select(door =>
                OpenAsync(record, door, there.FirstOrDefault(found => found.Service == door.Service), cancellationToken)
            )
        );
    }

    public async Task CloseAsync(string app, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var doors = (await reader.ObserveAsync(app, cancellationToken)).Doors;
        await changes.RemoveAsync(
            [.. doors.Where(door => services.Contains(door.Service)).Select(door => door.Id)],
            Expected(record),
            cancellationToken
        );
    }

    private async Task OpenAsync(AppRecord record, Door door, DoorState? there, CancellationToken cancellationToken)
    {
        var expected = Expected(record);
        var id =
            there?.Id
            ?? await changes.CreateAsync(
                expected.App,
                EdgeCommands.Door(record.Naming, door, record.Ownership.Mark(AppRecords.Nonce())),
                cancellationToken
            );
        foreach (var network in door.ToJoin(there))
            await changes.JoinAsync(network, id, expected, cancellationToken);
        await changes.OpenDoorAsync(id, there?.IsRunning == true, expected, cancellationToken);
        await _forwarders.AwaitAnswerAsync($"the door of {door.Service}", id, cancellationToken);
    }

    private static ExpectedLabels Expected(AppRecord record) => ExpectedLabels.Ours(record.Ownership, Naming.DoorRole);
}
