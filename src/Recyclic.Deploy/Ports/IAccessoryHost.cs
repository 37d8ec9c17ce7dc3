using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>Runs what all releases share, and joins it to the slots. Every call may be repeated. What has to do with
/// networks is asked only of platforms whose slots have some (<see cref="PlatformTraits.HasSlotNetworks"/>).</summary>
public interface IAccessoryHost
{
    /// <summary>
    /// Has compose start them with what they depend on, as the team's file has them; a container that exists is not
    /// made anew.
    /// </summary>
    /// <param name="start">False: their containers are made, and not started.</param>
    Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Takes back what <see cref="StartAccessoriesAsync"/> has made in this process: containers, volumes and networks.
    /// What was there before stays.
    /// </summary>
    Task RemoveAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken);

    /// <summary>
    /// Stops containers that plain compose has made, each within its own grace period, and keeps them from starting again
    /// by themselves. They stay.
    /// </summary>
    Task StopAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>Starts them again, with the restart policies that they had. Returns before they are healthy.</summary>
    Task StartAdoptedAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    /// <summary>
    /// Makes the networks that are missing, and puts the accessories, and the edge that is there, on both slots'.
    /// </summary>
    Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>
    /// Removes the networks that Recyclic made for an application. Returns why one stays, a sentence each.
    /// </summary>
    Task<ImmutableArray<string>> RemoveNetworksAsync(string app, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
