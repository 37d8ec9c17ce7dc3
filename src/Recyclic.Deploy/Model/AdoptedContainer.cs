using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// A container that plain compose has made of a service, and that a first deploy takes over from. It cannot be marked as
/// one of ours, so the journal has it by its ID; it is stopped, and never removed.
/// </summary>
/// <param name="Id">All 64 digits.</param>
/// <param name="Name">Without a slash.</param>
/// <param name="Service">The compose service.</param>
/// <param name="Restart">The restart policy that it had, `on-failure:3` for example.</param>
/// <param name="Ports">What it published, `[address:]port[/udp]`, sorted.</param>
public sealed record AdoptedContainer(string Id, string Name, string Service, string Restart, string[] Ports)
{
    /// <summary>Whether it published a port.</summary>
    [JsonIgnore]
    public bool Publishes => Ports.Length > 0;

    internal static AdoptedContainer Of(Container container) =>
        new(container.Id, container.Name, container.Service, container.RestartPolicy, [.. container.Published]);

    /// <summary>Whether it published a port that is wanted, `[address:]port[/protocol]`, on some address.</summary>
    internal bool Holds(string wanted) => Ports.Any(port => KeyOf(port) == KeyOf(wanted));

    /// <summary>The port without its address.</summary>
    private static string KeyOf(string port) => port[(port.LastIndexOf(':') + 1)..];
}

/// <summary>Which of several containers a line is about.</summary>
internal static class AdoptedContainers
{
    public static string Names(this IEnumerable<AdoptedContainer> containers) =>
        string.Join(", ", containers.Select(container => PrintableText.Of(container.Name, 80)));

    /// <summary>Those containers of a host that these were, as they are now.</summary>
    public static ImmutableArray<Container> In(this IEnumerable<AdoptedContainer> adopted, Snapshot now)
    {
        var ids = adopted.Select(container => container.Id).ToHashSet();
        return [.. now.Accessories.Where(container => ids.Contains(container.Id))];
    }

    /// <summary>Those of them that are still there.</summary>
    public static ImmutableArray<AdoptedContainer> Still(this IEnumerable<AdoptedContainer> adopted, Snapshot now)
    {
        var there = now.Accessories.Select(container => container.Id).ToHashSet();
        return [.. adopted.Where(container => there.Contains(container.Id))];
    }
}
