namespace Recyclic.EndToEnd.Support;

/// <summary>
/// A second host: a network namespace with a link, an engine of its own, and its own sshd in front of it. It has this
/// machine's files and programs, and nothing of it is left when it is disposed of.
/// </summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    private const int SshPort = 22;

    private PrivateHost(string directory, PrivateNetwork network, PrivateEngine engine, SshDoor door) =>
        (Directory, Network, Engine, Door) = (directory, network, engine, door);

    /// <summary>For files of a test; removed with the host.</summary>
    public string Directory { get; }

    public PrivateNetwork Network { get; }

    public PrivateEngine Engine { get; }

    /// <summary>The way in by ssh.</summary>
    public SshDoor Door { get; }

    /// <summary>The docker command line, by ssh.</summary>
    public DockerCommand Docker => new(Door.Variables);

    public static async Task<PrivateHost> StartAsync(CancellationToken cancellationToken)
    {
        HostNeeds.OrIgnore();
        var directory = System.IO.Directory.CreateTempSubdirectory("recyclic-host-").FullName;
        PrivateNetwork? network = null;
        PrivateEngine? engine = null;
        try
        {
            network = await PrivateNetwork.CreateAsync(cancellationToken);
            engine = await PrivateEngine.StartAsync(network, Path.Combine(directory, "engine"), cancellationToken);
            var inside = network;
            return new PrivateHost(
                directory,
                network,
                engine,
                await SshDoor.OpenAsync(
                    directory,
                    network.Address,
                    SshPort,
                    (program, arguments) => inside.Inside(program, arguments),
                    engine.Socket,
                    cancellationToken
                )
            );
        }
        catch
        {
            if (engine is not null)
                await engine.DisposeAsync();
            if (network is not null)
                await network.DisposeAsync();
            System.IO.Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Door.DisposeAsync();
        await Engine.DisposeAsync();
        await Network.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
