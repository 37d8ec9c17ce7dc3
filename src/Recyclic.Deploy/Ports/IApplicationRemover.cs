using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>Takes an application away from a place. Every call may be repeated: what is gone is gone.</summary>
public interface IApplicationRemover
{
    /// <summary>
    /// All that the place has of an application, known by labels alone: nobody's compose file is needed. Changes nothing.
    /// </summary>
    /// <param name="images">The references of its releases' images: those that are there are things of it.</param>
    /// <exception cref="ConfigurationException">Somebody else has its name.</exception>
    Task<ApplicationInventory> FindAsync(string app, IEnumerable<string> images, CancellationToken cancellationToken);

    /// <summary>
    /// Removes things of one kind, under the application's lock: containers are asked to end first, and leave the volumes
    /// that are to stay; who else is on a network is taken off it. What cannot be removed stays, and is found again.
    /// </summary>
    Task RemoveAsync(string app, ImmutableArray<FoundThing> things, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what the lock itself needs, once it was given up: the volumes of the records, and images of ours. Whoever
    /// takes the lock in that moment keeps them.
    /// </summary>
    Task RemoveRecordsAsync(string app, ImmutableArray<FoundThing> things, CancellationToken cancellationToken);
}
