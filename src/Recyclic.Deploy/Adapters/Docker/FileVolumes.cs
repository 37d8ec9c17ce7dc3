using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Adapters.Files;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;
using Version = System.Version;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The volumes that releases have their files in. One is filled before the first container that mounts it is made, by a
/// container of the edge's image that is never started: so a volume that a container mounts is whole, and any other one
/// may be filled again. </summary>
internal sealed class FileVolumes(HostChanges changes, EngineClient client, EngineReader engine, HostReader reader)
{
    /// <summary>Docker Engine 26, the first that mounts a part of a volume (`volume-subpath`).</summary>
    public static readonly Version SubpathApiVersion = new(1, 45);

    /// <summary>Docker Compose 2.26, the first that can ask for it.</summary>
    public static readonly Version SubpathComposeVersion = new(2, 26);

    private const string Inside = "/files";

    private static readonly TimeSpan FillDeadline = TimeSpan.FromMinutes(10);

    /// <summary>Has the files of a model come from a volume, which is made and filled where it is not there.</summary>
    /// <param name="release">Its id; null: it is the accessories', which have a new one each time.</param>
    /// <exception cref="EngineException">Somebody else has a volume of that name, or the one to be used again has
    /// gone.</exception>
    public async Task MountAsync(
        JsonObject model,
        AppRecord record,
        ReleaseFiles files,
        string? release,
        CancellationToken cancellationToken
    )
    {
        var name = record.Naming.FilesVolume(release ?? AppRecords.Nonce());
        var found = await client.FindVolumeAsync(name, cancellationToken);
        if (found is not null && !record.Ownership.Owns(EngineAnswers.Labels(found.Labels)))
            throw new EngineException(
                $"the volume {name}, which the release's files are to be in, was made by somebody else"
            );
        if (found is null && files.Kept is not null)
            throw new EngineException($"the volume {name}, which has the release's files, has gone");
        if (found is null)
        {
            var mark = record.Ownership.Mark(AppRecords.Nonce());
            await changes.CreateVolumeAsync(
                record.Ownership.App,
                DockerCommands.CreateVolume(record.Naming, files, name, release, mark),
                cancellationToken
            );
            found =
                await client.FindVolumeAsync(name, cancellationToken)
                ?? throw new EngineException($"the volume {name} vanished as soon as it was made");
        }
        if (files.Kept is null && !(await UsersAsync(found, cancellationToken)).Any())
            await FillAsync(record, files, name, cancellationToken);
        files.MountInto(model, name, await MountsPartsAsync(cancellationToken) ? null : found.Mountpoint);
    }

    /// <summary>
    /// Whether engine and compose can mount a part of a volume; else it is mounted as a folder of the host.
    /// </summary>
    private async Task<bool> MountsPartsAsync(CancellationToken cancellationToken)
    {
        var facts = await engine.ReadFactsAsync(cancellationToken);
        return facts.ApiVersion >= SubpathApiVersion && facts.ComposeVersion >= SubpathComposeVersion;
    }

    /// <summary>
    /// Removes the volumes that nobody needs any more, and what a deployer that died left of filling one.
    /// </summary>
    /// <param name="keep">The ids of the releases whose files stay; what a container mounts stays anyway.</param>
    public async Task RemoveAsync(AppRecord record, IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        var volumes = (await client.ListVolumesAsync(cancellationToken))
            .Where(volume => IsOurs(record, EngineAnswers.Labels(volume.Labels), keep))
            .ToList();
        var fillers = (await reader.ListOwnAsync(record.Naming.App, cancellationToken))
            .Where(IsFiller)
            .Select(container => container.ID)
            .ToList();
        if (fillers.Count > 0)
            await changes.RemoveAsync(fillers, Expected(record), cancellationToken);
        foreach (var volume in volumes)
            if (!(await UsersAsync(volume, cancellationToken)).Any())
                await changes.RemoveVolumeAsync(volume.Name, Expected(record), cancellationToken);
    }

    /// <summary>
    /// Those of some paths that the engine's host does not have. The engine is asked for a container that mounts them
    /// and, last, what cannot be there: it names the first that is missing, and makes none.
    /// </summary>
    public async Task<ImmutableHashSet<string>> FindAbsentAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    )
    {
        var absent = ImmutableHashSet<string>.Empty;
        var left = paths.Distinct().ToList();
        var nowhere = $"/recyclic-nowhere-{AppRecords.Nonce()}";
        while (left.Count > 0)
        {
            var answer = await changes.TryPathsAsync([.. left, nowhere], image, cancellationToken);
            var lines = answer.StandardError.Split('\n').Select(line => line.TrimEnd('\r', ' ')).ToList();
            var missing = left.Find(path =>
                lines.Exists(line => line.EndsWith($"does not exist: {path}", StringComparison.Ordinal))
            );
            // Whatever else it answers says nothing of the paths.
            if (answer.Succeeded || missing is null)
                break;
            absent = absent.Add(missing);
            left.Remove(missing);
        }
        return absent;
    }

    private static ExpectedLabels Expected(AppRecord record) =>
        ExpectedLabels.Ours(record.Ownership, ReleaseFiles.Role);

    private static bool IsOurs(
        AppRecord record,
        ImmutableDictionary<string, string> labels,
        IReadOnlySet<string> keep
    ) =>
        record.Ownership.Owns(labels)
        && labels.GetValueOrDefault(Naming.RoleLabel) == ReleaseFiles.Role
        && !keep.Contains(labels.GetValueOrDefault(Naming.ReleaseLabel, ""));

    private static bool IsFiller(ContainerListResponse container) =>
        EngineAnswers.Labels(container.Labels).GetValueOrDefault(Naming.RoleLabel) == ReleaseFiles.Role;

    /// <summary>The containers that mount a volume, or a folder of it.</summary>
    private async Task<IEnumerable<ContainerListResponse>> UsersAsync(
        VolumeResponse volume,
        CancellationToken cancellationToken
    ) =>
        (await client.ListContainersAsync(cancellationToken)).Where(container =>
            !IsFiller(container)
            && (container.Mounts ?? []).Any(mount =>
                mount.Type == "volume"
                    ? mount.Name == volume.Name
                    : mount.Source?.StartsWith(volume.Mountpoint + "/", StringComparison.Ordinal) == true
            )
        );

    private async Task FillAsync(AppRecord record, ReleaseFiles files, string name, CancellationToken cancellationToken)
    {
        var create = DockerCommands.CreateFiller(
            record.Naming,
            name,
            Inside,
            EdgeImage.Reference,
            record.Ownership.Mark(AppRecords.Nonce())
        );
        var filler = await changes.CreateAsync(record.Ownership.App, create, cancellationToken);
        try
        {
            await changes.CopyIntoAsync(
                filler,
                Expected(record),
                Inside,
                (input, token) => FileReader.WriteAsync(files.Archive(), input, token),
                FillDeadline,
                cancellationToken
            );
        }
        finally
        {
            // Also when it was cancelled; where even that fails, the next command does it.
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await changes.RemoveAsync([filler], Expected(record), deadline.Token);
            }
            catch (StepFailedException)
            {
                // The lock is lost: what stopped the filling is worth more to be told.
            }
        }
    }
}
