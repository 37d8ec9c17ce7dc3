using System.Net.Sockets;
using System.Text;

namespace Recyclic.Compose.Tests;

/// <summary>One service whose ports speak HTTP, TLS, SMTP and more.</summary>
[Category("Docker"), CancelAfter(150_000)]
public sealed class PortModeTests
{
    private const int Http = 17780, Tls = 17781, Smtp = 17782, Inspected = 17783, Proxied = 17784;

    /// <summary>The beginning of a ClientHello; nothing in it is text.</summary>
    private static readonly byte[] ClientHello = [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03];

    [Test]
    public async Task Each_port_works_by_its_protocol_after_a_deploy_and_all_through_an_upgrade(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-ports", "ports/docker-compose.yml");
        var dry = await stack.DeployAsync("v1", cancellationToken, "--dry-run");
        dry.StandardOutput.ShouldContain("ports: 17780 to web:8080 http (well known: 8080 is HTTP); 17781 to web:8443 tcp (well known: 8443 is HTTPS); 17782 to web:2526 tcp (app_protocol: smtp); "
            + "17783 to web:9912 auto (each connection by what it begins with); 17784 to web:9913 tcp with the PROXY protocol (x-recyclic.ports)");

        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);
        await AllAnswerAsync("v1", cancellationToken);

        using var kept = await KeptConnection.OpenAsync(Url(Inspected), cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("\"version\":\"v1\"");
        await Load.LosesNothingAsync(Url(Inspected), () => OthersLoseNothingAsync(() => stack.DeployAsync("v2", cancellationToken, "--watch", "0"), cancellationToken), ["v1", "v2"], cancellationToken);

        await AllAnswerAsync("v2", cancellationToken);
        (await kept.AskAsync(cancellationToken)).Body.ShouldContain("\"version\":\"v2\"", Case.Sensitive, "each request of a kept connection is led anew");
    }

    private static async Task AllAnswerAsync(string version, CancellationToken cancellationToken)
    {
        foreach (var port in new[] { Http, Inspected })
        {
            using var connection = await KeptConnection.OpenAsync(Url(port), cancellationToken);
            for (var request = 0; request < 3; request++)
                (await connection.AskAsync(cancellationToken)).Body.ShouldMatch($"\\{{\"version\":\"{version}\",\"forwarded\":\"[0-9.]+\"\\}}");
        }
        (await FirstLineAsync(Tls, ClientHello, cancellationToken)).ShouldEndWith(version);
        (await FirstLineAsync(Smtp, [], cancellationToken)).ShouldBe($"220 {version}");
        (await FirstLineAsync(Inspected, "\u0001 no HTTP\n"u8.ToArray(), cancellationToken)).ShouldBe($"{version} \u0001 no HTTP");
        (await FirstLineAsync(Proxied, "hello\n"u8.ToArray(), cancellationToken)).ShouldBe($"{version} 0d0a0d0a000d0a515549540a", "it begins as the PROXY protocol, version 2, does");
    }

    /// <summary>While a command runs, clients of the other protocols come one after the other; each must be answered.</summary>
    private static async Task<Processes.CommandResult> OthersLoseNothingAsync(Func<Task<Processes.CommandResult>> command, CancellationToken cancellationToken)
    {
        var running = command();
        while (!running.IsCompleted)
        {
            (await FirstLineAsync(Tls, ClientHello, cancellationToken)).ShouldMatch("v[12]$");
            (await FirstLineAsync(Smtp, [], cancellationToken)).ShouldMatch("^220 v[12]$");
            (await FirstLineAsync(Inspected, "\u0001\n"u8.ToArray(), cancellationToken)).ShouldMatch("^v[12] \u0001$");
        }
        return await running;
    }

    private static async Task<string> FirstLineAsync(int port, byte[] say, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        if (say.Length > 0) await client.GetStream().WriteAsync(say, cancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        return await reader.ReadLineAsync(cancellationToken) ?? "(closed without a line)";
    }

    private static Uri Url(int port) => new($"http://127.0.0.1:{port}/");
}
