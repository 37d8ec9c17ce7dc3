using System.Net;
using System.Net.Sockets;
using System.Text;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests.Http;

/// <summary>Thousands of connections from one address that say next to nothing: others are served all the same.</summary>
[Category("Docker"), CancelAfter(420_000)]
public sealed class CrowdTests
{
    private const int Crowd = 10_000;

    [TestCase(RouteMode.Http)]
    [TestCase(RouteMode.Auto)]
    public async Task Ten_thousand_connections_with_one_byte_each_keep_nobody_else_out(
        RouteMode mode,
        CancellationToken cancellationToken
    )
    {
        await using var app = new RawApp();
        var port = RawEdge.FreePort();
        await using var edge = await RawEdge.StartAsync(
            [new Route("api", 8000, port, null, mode, null, null, 1) { Private = true }],
            new Dictionary<string, int> { ["api"] = app.Port },
            cancellationToken
        );
        var crowd = new List<Socket>();
        try
        {
            for (var number = 0; number < Crowd; number++)
                crowd.Add(await OpenAsync(port, "127.0.0.1", "G", cancellationToken));
            for (var round = 0; round < 20; round++)
            {
                using var other = await OpenAsync(
                    port,
                    "127.0.0.2",
                    "GET /nobody HTTP/1.1\r\n: \r\n\r\n",
                    cancellationToken
                );
                (await ReadAsync(other, cancellationToken)).ShouldStartWith(
                    "HTTP/1.1 400",
                    Case.Sensitive,
                    $"round {round}"
                );
            }
            crowd.Count(IsClosed).ShouldBeGreaterThan(Crowd / 2, "one address has no more than its share");
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<Socket> OpenAsync(int port, string from, string text, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);
        }
        catch (SocketException)
        {
            // It was closed at once.
        }
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, deadline.Token));
    }

    /// <summary>The other side has closed.</summary>
    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
