using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>
/// Runs releases, each in its slot. Every call may be repeated: starting what runs, stopping what is stopped and
/// removing what is gone succeed.
/// </summary>
public interface IReleaseHost
{
    /// <summary>
    /// Creates and starts a release's containers, but only creates those of exclusive services and of one-offs.
    /// </summary>
    /// <param name="volumes">Where its services keep what they write; made where they are not there.</param>
    Task StartReleaseAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Creates and starts one service of a release, such as a one-off, and of the others those that it waits for.
    /// Returns before it is healthy, or has ended.
    /// </summary>
    /// <param name="replicas">How many of its containers; null: all.</param>
    /// <param name="volumes">Where its services keep what they write; made where they are not there.</param>
    Task StartServiceAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        int? replicas,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    );

    /// <summary>Starts containers that exist. Returns before they are healthy.</summary>
    Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken);

    /// <summary>Asks them to end, each with its own stop signal and patience, all side by side.</summary>
    Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Removes all containers of a slot. Their volumes stay, but for those of containers that renew theirs.
    /// </summary>
    Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken);

    /// <summary>Sets each container's restart policy: its own while it serves, none while it is idle.</summary>
    Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes the volumes of files of an application's releases, and what a dead deployer left of filling one.
    /// </summary>
    /// <param name="keep">The ids of the releases whose files stay; what a container mounts stays anyway.</param>
    Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken);
}
