using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Networks, who is on them, and volumes.</summary>
internal sealed partial class HostChanges
{
    /// <param name="arguments">With the labels by which it is known from then on.</param>
    /// <returns>Its ID.</returns>
    public Task<string> CreateNetworkAsync(
        string app,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) => CreateAsync(app, arguments, cancellationToken);

    public async Task<CommandResult> RemoveNetworkAsync(
        string id,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckAsync(objects.FindNetworkAsync, [id], expected, cancellationToken);
        return await RunAsync(expected.App, ["network", "rm", id], cancellationToken);
    }

    /// <summary>Puts a container on one of the application's networks.</summary>
    /// <param name="expected">What the network must be.</param>
    /// <param name="joining">What the container must be.</param>
    /// <param name="aliases">The names by which others on the network find the container, besides its own.</param>
    public async Task ConnectAsync(
        string network,
        ExpectedLabels expected,
        string container,
        ExpectedLabels joining,
        IEnumerable<string> aliases,
        CancellationToken cancellationToken
    )
    {
        await CheckAsync(objects.FindNetworkAsync, [network], expected, cancellationToken);
        await CheckContainersAsync([container], joining, cancellationToken);
        var command = DockerCommands.Connect(network, container, aliases);
        (await RunAsync(expected.App, command, cancellationToken)).EnsureSuccess();
    }

    /// <summary>
    /// Puts a container of the application's on a network whose it is not: one of the file's, or somebody else's.
    /// Nothing of the network itself is changed.
    /// </summary>
    /// <param name="joining">What the container must be.</param>
    public async Task JoinAsync(
        DoorNetwork network,
        string container,
        ExpectedLabels joining,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([container], joining, cancellationToken);
        (await RunAsync(joining.App, DockerCommands.Connect(network, container), cancellationToken)).EnsureSuccess();
    }

    /// <summary>Takes a container off one of the application's networks, which is to go.</summary>
    public async Task DisconnectAsync(
        string network,
        ExpectedLabels expected,
        string container,
        ExpectedLabels leaving,
        CancellationToken cancellationToken
    )
    {
        await CheckAsync(objects.FindNetworkAsync, [network], expected, cancellationToken);
        await CheckContainersAsync([container], leaving, cancellationToken);
        await RunAsync(expected.App, ["network", "disconnect", "--force", network, container], cancellationToken);
    }

    /// <summary>
    /// Takes a container off a network that it is on, whoever's that is, and puts it back with its names: one change,
    /// for it must not stay without its network.
    /// </summary>
    /// <param name="links">The names by which it finds others there itself, `other:name`.</param>
    /// <param name="address">The fixed address that it had; empty: any.</param>
    public async Task ReconnectAsync(
        string network,
        string container,
        ExpectedLabels expected,
        IEnumerable<string> aliases,
        IEnumerable<string> links,
        string address,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([container], expected, cancellationToken);
        string[] leave = ["network", "disconnect", network, container];
        (await RunAsync(expected.App, leave, cancellationToken)).EnsureSuccess();
        var join = Plain(DockerCommands.Reconnect(network, container, aliases, links, address));
        (await docker.ChangeAsync(join, CancellationToken.None)).EnsureSuccess();
    }

    /// <param name="arguments">With the labels by which it is known from then on. One that is there stays.</param>
    public async Task CreateVolumeAsync(
        string app,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) => (await RunAsync(app, arguments, cancellationToken)).EnsureSuccess();

    /// <summary>
    /// The volume of an application's records, before there is a lock: the lock's agent writes to it. Of two that make
    /// it at once the engine keeps the first one's labels.
    /// </summary>
    public async Task CreateRecordAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await docker.ChangeAsync(Plain(arguments), cancellationToken)).EnsureSuccess();

    /// <summary>Removes one that nobody mounts, if it is there. It has no ID, so it is looked at right before.</summary>
    public async Task RemoveVolumeAsync(string name, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await AskLockAsync(expected.App, cancellationToken);
        var there = await ThoseThereAsync(objects.FindVolumeAsync, [name], expected, cancellationToken);
        if (there.Count > 0)
            await docker.ChangeAsync(Plain(DockerCommands.RemoveVolume(name)), cancellationToken);
    }

    /// <summary>
    /// Removes a volume of an application's records once its lock was given up, for the lock itself has it mounted. The
    /// engine keeps it where somebody has the lock by now.
    /// </summary>
    public async Task RemoveRecordAsync(string name, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        var there = await ThoseThereAsync(objects.FindVolumeAsync, [name], expected, cancellationToken);
        if (there.Count > 0)
            await docker.ChangeAsync(Plain(DockerCommands.RemoveVolume(name)), cancellationToken);
    }
}
