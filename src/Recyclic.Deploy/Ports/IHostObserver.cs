using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Ports;

/// <summary>Says what is there. Changes nothing.</summary>
public interface IHostObserver
{
    /// <exception cref="ConfigurationException">The engine does not answer or is too old; says how to mend
    /// it.</exception>
    Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The host's containers and networks of an application, with what the lock holder knows filled in later.
    /// </summary>
    Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken);

    /// <summary>The names of all applications that this host has records of.</summary>
    Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The other applications of the host that an application may be mistaken for. Default: it does not say.
    /// </summary>
    /// <param name="hostLock">By which the journals of others are read.</param>
    Task<IReadOnlyList<Neighbour>> FindNeighboursAsync(
        ApplicationIdentity identity,
        IHostLock hostLock,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<Neighbour>>([]);

    /// <summary>What the host has of everything, whoever's it is. Default: it does not say.</summary>
    Task<HostCounts> CountAsync(CancellationToken cancellationToken) => Task.FromResult(new HostCounts(null, null));

    /// <summary>
    /// How much memory containers take now, in bytes, by id; without those of which the host does not say it. Default:
    /// it says nothing.
    /// </summary>
    Task<ImmutableDictionary<string, long>> ReadMemoryUsesAsync(
        IEnumerable<string> containers,
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableDictionary<string, long>.Empty);

    /// <summary>
    /// Who holds host ports that are wanted, `[address:]port[/protocol]`, one sentence each; empty: all are free. TCP
    /// unless the port says otherwise.
    /// </summary>
    Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    );

    /// <summary>By name, those of these volumes that are on the host.</summary>
    Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    );

    /// <summary>Those of some absolute paths that the engine's host does not have. Changes nothing.</summary>
    /// <param name="image">One that the engine has.</param>
    Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    );
}
