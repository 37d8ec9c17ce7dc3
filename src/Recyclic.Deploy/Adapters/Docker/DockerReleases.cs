using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Releases as containers: each made by compose in its slot.</summary>
internal sealed class DockerReleases(
    HostChanges changes,
    HostObjects objects,
    AppRecords records,
    HostReader reader,
    FileVolumes files
)
{
    public async Task StartServiceAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        int? replicas,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var project = await ProjectAsync(app, slot, release, volumes, healthCheckInterval, cancellationToken);
        if (replicas is { } count)
            project.Model["services"]![service]!["deploy"]!["replicas"] = count;
        if (Doors.NamelessNetworks(app) is var networks && networks.Contains(service))
        {
            await project.CreateAsync([service], cancellationToken);
            await JoinAsync(app, slot, networks, cancellationToken);
        }
        await project.StartAsync([service], cancellationToken);
    }

    public async Task StartAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var project = await ProjectAsync(app, slot, release, volumes, healthCheckInterval, cancellationToken);
        var overlapping = app.Overlapping.Select(service => service.Name).ToList();
        var exclusives = app.Exclusives.Select(service => service.Name).ToList();
        if (Doors.NamelessNetworks(app) is { Count: > 0 } networks)
        {
            await project.CreateAsync([.. overlapping, .. exclusives], cancellationToken);
            await JoinAsync(app, slot, networks, cancellationToken);
        }
        await Task.WhenAll(
            project.StartAsync(overlapping, cancellationToken),
            project.CreateAsync([.. exclusives, .. app.OneOffs.Select(service => service.Name)], cancellationToken)
        );
    }

    /// <summary>Puts the containers of a slot on networks on which they have no names.</summary>
    private async Task JoinAsync(
        Application app,
        Slot slot,
        ILookup<string, string> networks,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app.Name, cancellationToken);
        var expected = ExpectedLabels.Ours(record.Ownership, Naming.ReleaseRole);
        var now = await reader.ObserveAsync(app.Name, cancellationToken);
        await Task.WhenAll(
            from container in now[slot].Containers
            from network in networks[container.Service]
            where !container.Networks.Contains(network)
            select changes.JoinAsync(
                new DoorNetwork(network, [], null, IsOutside: true),
                container.Id,
                expected,
                cancellationToken
            )
        );
    }

    private async Task<SlotProject> ProjectAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var record = await records.EnsureAsync(app.Name, cancellationToken);
        if (!volumes.IsEmpty)
            await CreateVolumesAsync(app.Name, volumes, cancellationToken);
        var model = SlotModel.ForSlot(
            app,
            slot,
            release,
            healthCheckInterval,
            record.Naming,
            record.Ownership.Mark(AppRecords.Nonce()),
            volumes
        );
        if (!app.Files.IsEmpty)
            await files.MountAsync(model, record, app.Files, release.Id, cancellationToken);
        return new(changes, app, record.Naming.SlotProject(slot), model);
    }

    public async Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is { } record)
            await files.RemoveAsync(record, keep, cancellationToken);
    }

    /// <summary>
    /// Makes those that are not there. Docker fills a new one with what the image has at its path, as it does for an
    /// anonymous one.
    /// </summary>
    private async Task CreateVolumesAsync(
        string app,
        ImmutableArray<DataVolume> volumes,
        CancellationToken cancellationToken
    )
    {
        var there = await reader.ReadVolumesAsync(volumes.Select(volume => volume.Name), cancellationToken);
        foreach (var volume in volumes.Where(volume => !there.ContainsKey(volume.Name)))
            await changes.CreateVolumeAsync(app, DockerCommands.CreateVolume(app, volume), cancellationToken);
    }

    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        Task.WhenAll(
            ids.Select(async id =>
                await changes.StartAsync(id, await ExpectedAsync(id, cancellationToken), cancellationToken)
            )
        );

    public async Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        if (all.Count > 0)
            (
                await changes.StopAsync(all, await ExpectedAsync(all[0], cancellationToken), cancellationToken)
            ).EnsureSuccess();
    }

    public async Task RemoveAsync(string app, Slot slot, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        // A compose command that outlived its deployer may still be creating: look again until nothing is left.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var found = (await reader.OwnAsync(app, cancellationToken))
                .Select(EngineAnswers.Container)
                .Where(container =>
                    container.Label(Naming.RoleLabel) == Naming.ReleaseRole
                    && container.Label(Naming.SlotLabel) == slot.Name()
                )
                .ToList();
            if (found.Count == 0)
                return;
            await changes.RemoveReleaseAsync(
                [.. found.Select(container => (container.Id, container.RenewsVolumes))],
                ExpectedLabels.Ours(record.Ownership, Naming.ReleaseRole),
                cancellationToken
            );
        }
        throw new EngineException(
            $"containers of {slot.Name()} keep appearing; what creates them? See `docker ps -a --filter label={Naming.SlotLabel}={slot.Name()}`"
        );
    }

    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    )
    {
        var wanted = serving
            .Select(container => (container.Id, Policy: container.Label(Naming.RestartLabel) ?? "unless-stopped"))
            .Concat(idle.Select(container => (container.Id, Policy: "no")));
        return Task.WhenAll(
            wanted
                .GroupBy(entry => entry.Policy, entry => entry.Id)
                .Select(async group =>
                    await new RestartUpdate(changes).RunAsync(
                        group.Key,
                        [.. group],
                        await ExpectedAsync(group.First(), cancellationToken),
                        cancellationToken
                    )
                )
        );
    }

    /// <summary>What containers must be that the deploy of an application knows by their IDs alone.</summary>
    private async Task<ExpectedLabels> ExpectedAsync(string id, CancellationToken cancellationToken)
    {
        var app = (await objects.FindContainerAsync(id, cancellationToken))?.Labels.GetValueOrDefault(Naming.AppLabel);
        var record = Naming.IsValid(app ?? "") ? await records.FindAsync(app!, cancellationToken) : null;
        return ExpectedLabels.Ours(
            record?.Ownership ?? Ownership.OfNobody(app ?? "an application"),
            Naming.ReleaseRole,
            Naming.EdgeRole
        );
    }
}
