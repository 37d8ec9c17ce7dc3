using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Who holds a port that the edge wants.</summary>
[Category("Docker"), CancelAfter(60_000)]
public sealed class PortTests
{
    [Test]
    public async Task Another_process_is_named_on_every_address_that_would_be_in_the_way(
        CancellationToken cancellationToken
    )
    {
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.Any, IPAddress.IPv6Loopback })
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
                continue;
            using var listener = new TcpListener(address, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            var holder = (await HoldersAsync("cmp-nobody", [$"{port}"], cancellationToken)).ShouldHaveSingleItem();
            holder.ShouldStartWith($"port {port} is taken by ");
            holder.ShouldContain($"(process {Environment.ProcessId})");
        }
    }

    [Test]
    public async Task A_free_port_and_a_port_taken_on_another_address_are_free(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await HoldersAsync("cmp-nobody", [$"127.0.0.1:{port}"], cancellationToken)).ShouldBeEmpty();
        (await HoldersAsync("cmp-nobody", [$"127.0.0.2:{port}"], cancellationToken)).ShouldHaveSingleItem();
    }

    [Test]
    public async Task A_container_is_named_and_the_applications_own_edge_is_not(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var cleaner = new Stack("cmp-holder", "tcp/docker-compose.yml");
        await Stack.DockerAsync(
            cancellationToken,
            "run",
            "--detach",
            "--name",
            "cmp-holder-edge",
            "--publish",
            "17750:8080",
            "--publish",
            "17751:8080/udp",
            Images.Name + ":v1"
        );

        (await HoldersAsync("cmp-nobody", ["17750"], cancellationToken)).ShouldBe([
            "port 17750 is published by the container cmp-holder-edge",
        ]);
        (await HoldersAsync("cmp-nobody", ["17751"], cancellationToken)).ShouldBeEmpty("a UDP port is another one");
        (await HoldersAsync("cmp-nobody", ["17751/udp"], cancellationToken)).ShouldBe([
            "port 17751/udp is published by the container cmp-holder-edge",
        ]);
        using var deaf = new UdpClient(17753);
        (await HoldersAsync("cmp-nobody", ["17753/udp", "17753"], cancellationToken))
            .ShouldHaveSingleItem()
            .ShouldStartWith("port 17753/udp is taken by another process");
        using var listener = new TcpListener(IPAddress.Any, 17752);
        listener.Start();
        var own = await HoldersAsync("cmp-holder", ["17750", "17752"], cancellationToken);
        own.ShouldHaveSingleItem("its own edge holds 17750").ShouldContain("port 17752");
    }

    private static async Task<ImmutableArray<string>> HoldersAsync(
        string app,
        string[] ports,
        CancellationToken cancellationToken
    )
    {
        using var engine = new DockerEngine(new DockerCli(new ProcessCommandRunner()));
        return await engine.FindPortHoldersAsync(app, ports, cancellationToken);
    }
}
