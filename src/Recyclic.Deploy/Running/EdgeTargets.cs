using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Pure: what the edge must have found before users may be sent to a slot. Addresses count, and not how many servers
/// there are: for a moment, or for as long as the engine's DNS is slow, the edge may still have those of containers
/// that are gone. </summary>
/// <param name="Addresses">By backend; null: a container's address is not known, so any will do.</param>
internal sealed record EdgeTargets(ILookup<string, string?> Addresses)
{
    public static EdgeTargets Of(IEnumerable<Container> containers, Slot slot, string network) =>
        new(
            (
                from container in containers
                from backend in Route
                    .FromLabel(container.Label(Naming.RoutesLabel))
                    .SelectMany(route => EdgeConfiguration.BackendNames(route, slot))
                    .Distinct()
                select (Backend: backend, Address: container.Addresses.GetValueOrDefault(network))
            ).ToLookup(target => target.Backend, string? (target) => target.Address)
        );

    public bool IsEmpty => Addresses.Count == 0;

    /// <param name="usable">The addresses of the servers that could get a request, by backend.</param>
    public bool AreKnown(ImmutableDictionary<string, ImmutableArray<string>> usable) =>
        Addresses.All(backend =>
            usable.GetValueOrDefault(backend.Key, []) is var found
            && found.Length >= backend.Count()
            && backend.OfType<string>().All(found.Contains)
        );
}
