using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>
/// What stands for a release service where others call it by name: an accessory, or a container of another project on a
/// shared network. It has the service's names, at an address that a deploy leaves alone, and hands every connection to
/// the edge, which alone decides which release answers.
/// </summary>
/// <param name="Service">The service it stands for.</param>
/// <param name="Routes">Its ports, each <see cref="Route.IsInside"/>.</param>
/// <param name="Networks">Where it stands, at least one network.</param>
public sealed record Door(string Service, ImmutableArray<Route> Routes, ImmutableArray<DoorNetwork> Networks)
{
    /// <summary>
    /// What it shows to proxies that find containers by their labels; default: nothing. A container is made with it, so
    /// with another one the door is made anew.
    /// </summary>
    public DoorSign Sign { get; init; } = DoorSign.None;

    /// <summary>The folder of configurations and sockets in the volume of the records.</summary>
    public const string Folder = EdgeConfiguration.StateDirectory + "/doors";

    /// <summary>Where a door or a gate itself answers whoever asks how it is.</summary>
    public const string AdminSocket = "/tmp/door.sock";

    /// <summary>The file that its HAProxy reads.</summary>
    public string ConfigurationFile => $"{Folder}/{Service}.cfg";

    /// <summary>
    /// The door's whole configuration. It begins with its hash, by which it is known whether it is in place.
    /// </summary>
    public string Configuration => Forwarder.Headed(Text);

    /// <summary>Changes when the ports do.</summary>
    public string Hash => Forwarder.HashOf(Text);

    /// <summary>
    /// The same door, which also answers on the ports that the service has in the release that serves: callers have
    /// those until the cutover, and again after an undo or a way back.
    /// </summary>
    internal Door Answering(IEnumerable<Route> serving) =>
        this with
        {
            Routes =
            [
                .. Routes
                    .Concat(serving.Where(route => route.IsInside && route.Service == Service))
                    .DistinctBy(route => route.Target),
            ],
        };

    /// <summary>The networks that it is still to be put on; it is made on its first.</summary>
    /// <param name="there">The door as it is on the host; null: it is made now.</param>
    internal IEnumerable<DoorNetwork> ToJoin(DoorState? there) =>
        there is null ? Networks.Skip(1) : Networks.Where(network => !there.Networks.Contains(network.Name));

    /// <summary>The path at which the edge answers for one port of a service.</summary>
    public static string PathOf(Route route) => FormattableString.Invariant($"{Folder}/{route.Service}-{route.Target}");

    private string Text =>
        Forwarder.Text(
            Routes
                .Select(route => route.Target)
                .Distinct()
                .Order()
                .Select(port => (port, PathOf(Routes[0] with { Target = port })))
        );
}

/// <summary>A network that a door is on.</summary>
/// <param name="Name">The engine's name for it.</param>
/// <param name="Aliases">The names that the door has there.</param>
/// <param name="Address">The one that the file gives to the service; null: any.</param>
/// <param name="IsOutside">Whether it exists outside of the application.</param>
public sealed record DoorNetwork(string Name, ImmutableArray<string> Aliases, string? Address, bool IsOutside);

/// <summary>A door that is on the host.</summary>
/// <param name="Service">The service it stands for.</param>
/// <param name="Id">Its container's.</param>
/// <param name="Name">Its container's.</param>
/// <param name="IsRunning">False where it was stopped.</param>
/// <param name="Networks">By name.</param>
public sealed record DoorState(string Service, string Id, string Name, bool IsRunning, ImmutableArray<string> Networks)
{
    /// <summary>What it shows to proxies that find containers by their labels; default: nothing.</summary>
    public DoorSign Sign { get; init; } = DoorSign.None;
}
