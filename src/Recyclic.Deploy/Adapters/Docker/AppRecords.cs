using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What a host knows an application by: the names of its things, and how they are told from others'.</summary>
internal sealed record AppRecord(Naming Naming, Ownership Ownership);

/// <summary>
/// Finds an application's record on the host: its state volume, whose labels no image can bring. It is looked for once
/// in a command; only the removal of the application takes it away.
/// </summary>
internal sealed class AppRecords(HostChanges changes, EngineClient engine, ImageLabels images)
{
    private readonly ConcurrentDictionary<string, AppRecord> _known = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();

    /// <summary>Null: the application is new to this host.</summary>
    /// <exception cref="ConfigurationException">Somebody else has a volume of that name.</exception>
    public async Task<AppRecord?> FindAsync(string app, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(app, out var known))
            return known;
        var naming = new Naming(app);
        var found = await engine.FindVolumeAsync(naming.StateVolume, cancellationToken) is { } volume
            ? new AppRecord(naming, new Ownership(app, TokenOf(app, volume), AcceptsUnmarked: false))
            : await FindOldAsync(naming with { AsIn010 = true }, cancellationToken);
        return found is null ? null : _known[app] = found;
    }

    /// <summary>The record, made where there is none.</summary>
    /// <exception cref="ConfigurationException">Somebody else has a volume of that name.</exception>
    public async Task<AppRecord> EnsureAsync(string app, CancellationToken cancellationToken)
    {
        var record = await EnsureRecordAsync(app, cancellationToken);
        await EnsureKeysAsync(record, cancellationToken);
        return record;
    }

    private async Task<AppRecord> EnsureRecordAsync(string app, CancellationToken cancellationToken)
    {
        if (await FindAsync(app, cancellationToken) is { } known)
            return known;
        var naming = new Naming(app);
        var ownership = new Ownership(
            app,
            RandomNumberGenerator.GetHexString(16, lowercase: true),
            AcceptsUnmarked: false
        );
        await changes.CreateRecordAsync(
            DockerCommands.CreateVolume(naming, ownership.Mark(Nonce())),
            cancellationToken
        );
        // If two did it at once, the engine kept the first one's labels.
        return await FindAsync(app, cancellationToken)
            ?? throw new EngineException($"the volume {naming.StateVolume} vanished as soon as it was made");
    }

    /// <summary>
    /// The volume of private keys, made where there is none, so that the engine does not make one without labels. Keys are
    /// put in none that is somebody else's.
    /// </summary>
    private async Task EnsureKeysAsync(AppRecord record, CancellationToken cancellationToken)
    {
        if (!_keys.TryAdd(record.Naming.App, true))
            return;
        try
        {
            var volume = await engine.FindVolumeAsync(record.Naming.KeysVolume, cancellationToken);
            if (volume is null)
                await changes.CreateRecordAsync(
                    DockerCommands.CreateKeysVolume(record.Naming, record.Ownership.Mark(Nonce())),
                    cancellationToken
                );
            // One that outlived its records is taken: what is in it may be the only key there is.
            else if (
                EngineAnswers.Labels(volume.Labels) is var labels
                && (labels.GetValueOrDefault(Naming.AppLabel), labels.GetValueOrDefault(Naming.RoleLabel))
                    != (record.Naming.App, Naming.KeysRole)
            )
                throw new ConfigurationException(
                    $"volume {volume.Name}",
                    $"{HostReader.VolumeOf(volume)} has the name that the private keys of {record.Naming.App} are to have",
                    "Rename what made it, or deploy under another name: --project <name>."
                );
        }
        catch
        {
            _keys.TryRemove(record.Naming.App, out _);
            throw;
        }
    }

    /// <summary>The application was removed: whoever looks for it next finds nothing, or what is new.</summary>
    public void Forget(string app)
    {
        _known.TryRemove(app, out _);
        _keys.TryRemove(app, out _);
    }

    /// <summary>The random part of a mark.</summary>
    public static string Nonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The names of all applications that this host has records of.</summary>
    public async Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken)
    {
        var volumes = (await engine.ListVolumesAsync(cancellationToken)).Select(volume => volume.Labels);
        var edges = (
            await engine.ListContainersAsync(cancellationToken, $"{Naming.RoleLabel}={Naming.EdgeRole}")
        ).Select(edge => edge.Labels);
        return volumes
            .Concat(edges)
            .Select(labels => EngineAnswers.Labels(labels).GetValueOrDefault(Naming.AppLabel))
            .OfType<string>()
            .Where(Naming.IsValid)
            .ToHashSet();
    }

    /// <summary>The volume as version 0.1.0 made it has no labels; containers that it made say whose it is.</summary>
    private async Task<AppRecord?> FindOldAsync(Naming naming, CancellationToken cancellationToken)
    {
        if (
            await engine.FindVolumeAsync(naming.StateVolume, cancellationToken) is not { } volume
            || !EngineAnswers.Labels(volume.Labels).IsEmpty
        )
            return null;
        var ownership = new Ownership(naming.App, TokenOf(volume), AcceptsUnmarked: true);
        foreach (var listed in await engine.ListContainersAsync(cancellationToken, $"{Naming.AppLabel}={naming.App}"))
            if (
                ownership.OwnsContainer(
                    EngineAnswers.Labels(listed.Labels),
                    await images.OfAsync(listed.ImageID, cancellationToken)
                )
            )
                return new AppRecord(naming, ownership);
        return null;
    }

    private static string TokenOf(string app, VolumeResponse volume)
    {
        var labels = EngineAnswers.Labels(volume.Labels);
        if (labels.GetValueOrDefault(Naming.AppLabel) == app)
            return labels.GetValueOrDefault(Naming.OwnerLabel)?.Split('.')[0] is { Length: > 0 } token
                ? token
                : TokenOf(volume);
        throw new ConfigurationException(
            $"volume {volume.Name}",
            $"{HostReader.VolumeOf(volume)} has the name that the records of {app} are to have",
            $"Where nobody needs it: docker volume rm {volume.Name}. Else rename what made it, or deploy under another name: --project <name>. If it is meant for {app}, it must have the label {Naming.AppLabel}={app}."
        );
    }

    /// <summary>For a volume without a token of its own: what nobody can know beforehand of it.</summary>
    private static string TokenOf(VolumeResponse volume) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{volume.Name} {volume.CreatedAt} {volume.Mountpoint}")
                )
            )
        )[..16];
}
