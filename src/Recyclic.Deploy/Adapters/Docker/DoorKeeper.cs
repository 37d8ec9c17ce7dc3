using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Makes doors, keeps them in order, and removes them.</summary>
internal sealed class DoorKeeper(HostChanges changes, AppRecords records, HostReader reader)
{
    private readonly Forwarders _forwarders = new(changes);

    /// <summary>
    /// How long a proxy may take to lead requests to a new door too: Traefik takes up changes every 2 s.
    /// </summary>
    private static readonly TimeSpan ProxyPatience = TimeSpan.FromSeconds(3);

    /// <exception cref="EngineException">A door does not answer.</exception>
    public async Task OpenAsync(string app, ImmutableArray<Door> doors, CancellationToken cancellationToken)
    {
        var record = await records.EnsureAsync(app, cancellationToken);
        var there = (await reader.ObserveAsync(app, cancellationToken)).Doors;
        await Task.WhenAll(
            doors.Select(door =>
                OpenAsync(record, door, [.. there.Where(found => found.Service == door.Service)], cancellationToken)
            )
        );
    }

    public async Task CloseAsync(string app, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var doors = (await reader.ObserveAsync(app, cancellationToken)).Doors;
        await changes.RemoveSoftlyAsync(
            [.. doors.Where(door => services.Contains(door.Service)).Select(door => door.Id)],
            Expected(record),
            cancellationToken
        );
    }

    private async Task OpenAsync(
        AppRecord record,
        Door door,
        IReadOnlyList<DoorState> there,
        CancellationToken cancellationToken
    )
    {
        var expected = Expected(record);
        var name = record.Naming.DoorContainer(door.Service);
        var kept = there.FirstOrDefault(found => found.Sign.Equals(door.Sign));
        var old = there.Where(found => found != kept).ToList();
        if (kept is null)
            await StepAsideAsync(name, door, old, expected, cancellationToken);
        var id = kept?.Id ?? await CreateAsync(record, door, cancellationToken);
        foreach (var network in door.ToJoin(kept))
            await changes.JoinAsync(network, id, expected, cancellationToken);
        await changes.OpenDoorAsync(id, kept?.IsRunning == true, expected, cancellationToken);
        await _forwarders.AwaitAnswerAsync($"the door of {door.Service}", id, cancellationToken);
        if (kept is null && old.Any(found => found.IsRunning && found.Sign.IsOfUseBeside(door.Sign)))
            await Task.Delay(ProxyPatience, cancellationToken);
        await changes.RemoveAsync([.. old.Select(found => found.Id)], expected, cancellationToken);
        if (kept is not null && kept.Name != name)
            await changes.RenameAsync(id, name, expected, cancellationToken);
    }

    /// <summary>
    /// A name can be had once, and so can a fixed address: where the file gives one, callers wait a moment.
    /// </summary>
    private async Task StepAsideAsync(
        string name,
        Door door,
        IReadOnlyCollection<DoorState> old,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        if (door.Networks.Any(network => network.Address is not null))
            await changes.RemoveAsync([.. old.Select(found => found.Id)], expected, cancellationToken);
        else if (old.FirstOrDefault(found => found.Name == name) is { } holder)
            await changes.RenameAsync(holder.Id, $"{name}.{AppRecords.Nonce()}", expected, cancellationToken);
    }

    private async Task<string> CreateAsync(AppRecord record, Door door, CancellationToken cancellationToken)
    {
        var mark = record.Ownership.Mark(AppRecords.Nonce());
        var app = record.Naming.App;
        if (door.Sign.IsEmpty)
            return await changes.CreateAsync(app, EdgeCommands.Door(record.Naming, door, mark), cancellationToken);
        var labels = EdgeCommands.LabelsOf(app, door);
        if (!OperatingSystem.IsWindows())
            return await changes.CreateAsync(
                app,
                EdgeCommands.Door(record.Naming, door, mark),
                labels,
                door.Sign.Variables,
                cancellationToken
            );
        // There a command cannot read its standard input by a name.
        var folder = PrivateFiles.CreateFolder("recyclic-door-");
        var file = Path.Combine(folder.FullName, "labels");
        try
        {
            PrivateFiles.Write(file, labels);
            return await changes.CreateAsync(
                app,
                EdgeCommands.Door(record.Naming, door, mark, file),
                "",
                door.Sign.Variables,
                cancellationToken
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ExpectedLabels Expected(AppRecord record) => ExpectedLabels.Ours(record.Ownership, Naming.DoorRole);
}
