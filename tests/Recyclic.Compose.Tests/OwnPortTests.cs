using System.Net.Sockets;
using System.Text;

namespace Recyclic.Compose.Tests;

/// <summary>
/// A UDP port and the host's network are one container's at a time: the old one stops, the new one starts, and a
/// failure brings the old one back.
/// </summary>
[Category("Docker"), CancelAfter(290_000)]
public sealed class OwnPortTests
{
    private const string App = "cmp-own-ports";

    [Test]
    public async Task What_the_edge_cannot_take_over_is_handed_over(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "own-ports.yml");
        var dryRun = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dryRun.StandardOutput.ShouldContain(
            "names publishes 17935/udp by its container itself, since the edge forwards TCP: one container alone can, so it is stop-first"
        );
        dryRun.StandardOutput.ShouldContain("agent is on the host's network");
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();

        await GoodAsync(stack.DeployAsync("v1", cancellationToken, "--watch", "0"), "v1", cancellationToken);
        await GoodAsync(stack.DeployAsync("v2", cancellationToken, "--watch", "0"), "v2", cancellationToken);

        stack.Environment = Stack.Variables(("BREAK", "yes"));
        var broken = await stack.DeployAsync("v3", cancellationToken, "--watch", "0");
        broken.ExitCode.ShouldBe(1, broken.StandardOutput + broken.StandardError);
        await ServesAsync("v2", cancellationToken);

        stack.Environment = [];
        await GoodAsync(stack.RollbackAsync(cancellationToken), "v1", cancellationToken);
    }

    [Test]
    public async Task A_udp_port_that_somebody_else_has_is_refused_with_its_holder(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var other = new Stack("cmp-own-other", "own-ports.yml");
        await Stack.DockerAsync(
            cancellationToken,
            "run",
            "--detach",
            "--name",
            "cmp-own-other-dns",
            "--publish",
            "17938:53/udp",
            Images.Name + ":v1"
        );
        using var reading = new Reading();
        await reading.WriteAsync(
            "docker-compose.yml",
            "services: { names: { image: \"" + Images.Name + ":${TAG}\", ports: [\"17938:53/udp\"] } }\n"
        );
        await using var stack = new Stack("cmp-own-refused", "own-ports.yml") { ComposeFile = reading.File };
        var refused = await stack.DeployAsync("v1", cancellationToken);
        refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
        (refused.StandardOutput + refused.StandardError).ShouldContain(
            "port 17938/udp is published by the container cmp-own-other-dns"
        );
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();
    }

    private static async Task GoodAsync(
        Task<Processes.CommandResult> command,
        string version,
        CancellationToken cancellationToken
    )
    {
        var result = await command;
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        await ServesAsync(version, cancellationToken);
    }

    private static async Task ServesAsync(string version, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        foreach (var port in new[] { 17936, 17937 })
            (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken)).ShouldContain(
                $"\"version\":\"{version}\""
            );
        (await AskAsync(cancellationToken)).ShouldBe($"{version} who");
    }

    /// <summary>A datagram may be lost, so it is asked again.</summary>
    private static async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        using var client = new UdpClient("127.0.0.1", 17935);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                await client.SendAsync(Encoding.ASCII.GetBytes("who"), cancellationToken);
                return Encoding.ASCII.GetString((await client.ReceiveAsync(limit.Token)).Buffer);
            }
            catch (Exception exception)
                when (exception is SocketException
                    || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
                )
            {
                // Nobody listens yet, or the answer was lost.
            }
        }
        return "(no answer)";
    }
}
