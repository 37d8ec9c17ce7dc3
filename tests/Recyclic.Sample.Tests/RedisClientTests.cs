using System.Net;
using System.Net.Sockets;
using System.Text;
using Recyclic.Sample.Api;

namespace Recyclic.Sample.Tests;

public sealed class RedisClientTests
{
    [Test, CancelAfter(10_000)]
    public async Task Commands_are_sent_as_arrays_of_strings_over_one_connection(CancellationToken cancellationToken)
    {
        using var server = new Server();
        using var client = server.Client();
        var serving = server.ServeAsync(cancellationToken, "+PONG\r\n", ":42\r\n");

        await client.PingAsync(cancellationToken);
        (await client.IncrementAsync("items:reads", cancellationToken)).ShouldBe(42);

        (await serving).ShouldBe(["*1\r\n$4\r\nPING\r\n", "*2\r\n$4\r\nINCR\r\n$11\r\nitems:reads\r\n"]);
    }

    [Test, CancelAfter(10_000)]
    public async Task A_ping_opens_a_new_connection_when_the_old_one_died(CancellationToken cancellationToken)
    {
        using var server = new Server();
        using var client = server.Client();
        var first = server.ServeAsync(cancellationToken, "+PONG\r\n");
        await client.PingAsync(cancellationToken);
        await first;

        var second = server.ServeAsync(cancellationToken, "+PONG\r\n");
        await client.PingAsync(cancellationToken);
        (await second).Count.ShouldBe(1);
    }

    [Test, CancelAfter(10_000)]
    public async Task An_increment_is_never_sent_twice(CancellationToken cancellationToken)
    {
        using var server = new Server();
        using var client = server.Client();
        var serving = server.ServeAsync(cancellationToken, "");
        await Should.ThrowAsync<IOException>(client.IncrementAsync("items:reads", cancellationToken));
        (await serving).Count.ShouldBe(1);
        server.HasCaller.ShouldBeFalse();
    }

    [Test, CancelAfter(10_000)]
    public async Task An_error_answer_is_an_error(CancellationToken cancellationToken)
    {
        using var server = new Server();
        using var client = server.Client();
        var serving = server.ServeAsync(cancellationToken, "-LOADING Redis is loading\r\n");
        var failure = await Should.ThrowAsync<IOException>(client.IncrementAsync("items:reads", cancellationToken));
        failure.Message.ShouldContain("LOADING");
        await serving;
    }

    /// <summary>Takes one connection and answers one request after the other as it is told, then closes.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Server() => _listener.Start();

        public bool HasCaller => _listener.Pending();

        public RedisClient Client() => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

        public async Task<IReadOnlyList<string>> ServeAsync(CancellationToken cancellationToken, params string[] answers)
        {
            using var caller = await _listener.AcceptTcpClientAsync(cancellationToken);
            var stream = caller.GetStream();
            var buffer = new byte[1024];
            var requests = new List<string>();
            foreach (var answer in answers)
            {
                // The client writes a command at once, and on loopback it arrives so.
                requests.Add(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, cancellationToken)));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);
            }
            return requests;
        }

        public void Dispose() => _listener.Dispose();
    }
}
