using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// A volume or a folder of the host that a release service may write while the release before it may do so too.
/// </summary>
/// <param name="Service">The release service.</param>
/// <param name="Mount">What both write.</param>
public sealed record SharedVolume(string Service, Mount Mount);

/// <summary>
/// Pure: what two releases write at once while both run. Fine for uploads; not for what only one process may have, such
/// as SQLite's files.
/// </summary>
internal static class SharedVolumes
{
    /// <summary>
    /// For a release that is started from a compose file. Before a first release all that the next one will share.
    /// </summary>
    public static ImmutableArray<SharedVolume> Of(Application app, ImmutableArray<DataVolume> volumes, Snapshot now)
    {
        var coming =
            from service in app.Overlapping
            from mount in Mount
                .Of(app.Document, service.Name)
                .Concat(
                    volumes
                        .Where(volume => volume.Service == service.Name)
                        .Select(volume => new Mount("volume", volume.Name, volume.Path, true))
                )
            select new SharedVolume(service.Name, mount);
        return Shared(coming, now);
    }

    /// <summary>For a release whose containers are still there.</summary>
    public static ImmutableArray<SharedVolume> Of(Slot slot, Snapshot now) =>
        Shared(
            now.Together(slot)
                .SelectMany(container => container.Mounts.Select(mount => new SharedVolume(container.Service, mount))),
            now
        );

    public static IEnumerable<string> Notes(ImmutableArray<SharedVolume> shared, Snapshot now, Release to) =>
        from service in shared.GroupBy(one => one.Service)
        let what = string.Join(", ", service.Select(one => one.Mount.Describe()))
        let both = now.Current is { } current && !current.Release.Equals(to)
            ? $"{current.Release.Tag} and {to.Tag} both do"
            : "two releases do"
        select $"{service.Key} writes to {what}, and {both} while both run; {WayOut}";

    /// <summary>What to do where only one process may write.</summary>
    public static string WayOut =>
        "if only one process may (SQLite, a lock file, a queue on disk): x-recyclic: { overlap: false } stops the old one before the new one starts";

    private static ImmutableArray<SharedVolume> Shared(IEnumerable<SharedVolume> coming, Snapshot now)
    {
        var taken = now.Current is { } current
            ? now[current.Slot]
                .Containers.Where(container => container.IsRunning)
                .SelectMany(container => container.Mounts)
                .Where(mount => mount.Writable)
                .Select(mount => (mount.Type, mount.Source))
                .ToHashSet()
            : null;
        return
        [
            .. coming
                .Where(one =>
                    one.Mount.KeepsData && (taken is null || taken.Contains((one.Mount.Type, one.Mount.Source)))
                )
                .Distinct(),
        ];
    }
}
