using System.Globalization;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// A network namespace with a link to this machine: the wire of a second host. Cutting it is a network fault.
/// </summary>
internal sealed class PrivateNetwork : IAsyncDisposable
{
    private readonly string _outside;

    private PrivateNetwork(string name, int subnet)
    {
        Name = name;
        _outside = name + "o";
        Address = string.Create(CultureInfo.InvariantCulture, $"10.{200 + subnet / 256}.{subnet % 256}.2");
        Outside = string.Create(CultureInfo.InvariantCulture, $"10.{200 + subnet / 256}.{subnet % 256}.1");
    }

    public string Name { get; }

    /// <summary>Of the second host.</summary>
    public string Address { get; }

    /// <summary>Of this machine, as the second host sees it.</summary>
    public string Outside { get; }

    public static async Task<PrivateNetwork> CreateAsync(CancellationToken cancellationToken)
    {
        // An interface's name has at most 15 letters.
        var number = Random.Shared.Next(0x10000);
        var network = new PrivateNetwork(
            "e2e" + number.ToString("x4", CultureInfo.InvariantCulture),
            number % (50 * 256)
        );
        var inside = network.Name + "i";
        Sweeper.Own.Add(network.Name);
        try
        {
            await IpAsync(cancellationToken, "netns", "add", network.Name);
            await IpAsync(
                cancellationToken,
                "link",
                "add",
                network._outside,
                "type",
                "veth",
                "peer",
                "name",
                inside,
                "netns",
                network.Name
            );
            await IpAsync(cancellationToken, "address", "add", network.Outside + "/30", "dev", network._outside);
            await IpAsync(cancellationToken, "link", "set", network._outside, "up");
            await IpAsync(
                cancellationToken,
                "-n",
                network.Name,
                "address",
                "add",
                network.Address + "/30",
                "dev",
                inside
            );
            await IpAsync(cancellationToken, "-n", network.Name, "link", "set", inside, "up");
            await IpAsync(cancellationToken, "-n", network.Name, "link", "set", "lo", "up");
            await IpAsync(cancellationToken, "-n", network.Name, "route", "add", "default", "via", network.Outside);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// A program that runs in this network. Unlike `ip netns exec` this leaves the mounts as they are, the cgroups'
    /// among them.
    /// </summary>
    public Command Inside(string program, params IEnumerable<string> arguments) =>
        Command.Of("nsenter", ["--net=/var/run/netns/" + Name, "--", HostNeeds.Find(program), .. arguments]);

    /// <summary>The processes that run in this network.</summary>
    public async Task<int[]> ProcessesAsync(CancellationToken cancellationToken) =>
        [
            .. (await IpAsync(cancellationToken, "netns", "pids", Name))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture)),
        ];

    /// <summary>
    /// From now on not a packet of a port passes, either way, and nobody is told. Other ports, users' among them, are
    /// as before.
    /// </summary>
    public async Task CutAsync(int port, CancellationToken cancellationToken)
    {
        foreach (var arguments in Rules(port))
            (
                await DockerHere.Runner.RunAsync(
                    Inside("iptables", ["--wait", "--insert", .. arguments]),
                    cancellationToken
                )
            ).EnsureSuccess();
    }

    public async Task MendAsync(int port, CancellationToken cancellationToken)
    {
        foreach (var arguments in Rules(port))
            await DockerHere.Runner.RunAsync(
                Inside("iptables", ["--wait", "--delete", .. arguments]),
                cancellationToken
            );
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await DockerHere.Runner.RunAsync(Command.Of(HostNeeds.Find("ip"), "link", "delete", _outside), deadline.Token);
        await DockerHere.Runner.RunAsync(Command.Of(HostNeeds.Find("ip"), "netns", "delete", Name), deadline.Token);
        Sweeper.Own.Forget(Name);
    }

    private static string[][] Rules(int port) =>
        [
            ["INPUT", "--protocol", "tcp", "--dport", port.ToString(CultureInfo.InvariantCulture), "--jump", "DROP"],
            ["OUTPUT", "--protocol", "tcp", "--sport", port.ToString(CultureInfo.InvariantCulture), "--jump", "DROP"],
        ];

    private static async Task<string> IpAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await DockerHere.Runner.RunAsync(Command.Of(HostNeeds.Find("ip"), arguments), cancellationToken))
            .EnsureSuccess()
            .StandardOutput;
}
