using System.Net.Sockets;

namespace Recyclic.Compose.Tests;

/// <summary>A stack that speaks no HTTP.</summary>
[Category("Docker"), CancelAfter(150_000), NonParallelizable]
public sealed class TcpTests
{
    private const int Port = 17710;

    [Test]
    public async Task Open_connections_stay_on_the_old_release_until_drained_and_new_ones_go_to_the_new(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-tcp", "tcp/docker-compose.yml");
        var first = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        first.ExitCode.ShouldBe(0, first.StandardOutput + first.StandardError);

        await MovesAsync(
            () => stack.DeployAsync("v2", cancellationToken, "--drain-timeout", "60"),
            "v1",
            "v2",
            cancellationToken
        );
        await MovesAsync(
            () => stack.RollbackAsync(cancellationToken, "--drain-timeout", "60"),
            "v2",
            "v1",
            cancellationToken
        );
    }

    [Test]
    public async Task A_connection_that_outlasts_the_drain_time_is_cut_and_the_deploy_says_so(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-tcpcut", "tcp/docker-compose.yml")
        {
            Environment = Stack.Variables(("ECHO_PORT", "17711")),
        };
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);
        using var open = await Talk.OpenAsync(17711, cancellationToken);

        var upgrade = await stack.DeployAsync("v2", cancellationToken, "--watch", "0", "--drain-timeout", "1");

        upgrade.ExitCode.ShouldBe(0, upgrade.StandardOutput);
        (upgrade.StandardOutput + upgrade.StandardError).ShouldContain(
            "1 sessions of blue were still open after 1 s and will be cut"
        );
        (await open.IsCutAsync(cancellationToken)).ShouldBeTrue();
    }

    [Test]
    public async Task An_open_connection_outlives_the_edge_that_it_came_by_and_is_waited_for_all_the_same(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack("cmp-tcpedge", "tcp/docker-compose.yml");
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).ExitCode.ShouldBe(0);
        await using var other = await OtherEdgeImage.MakeAsync(cancellationToken);
        await MovesAsync(
            () => stack.DeployAsync("v2", cancellationToken, "--drain-timeout", "60", "--watch", "0"),
            "v1",
            "v2",
            cancellationToken
        );
    }

    private static async Task MovesAsync(
        Func<Task<Processes.CommandResult>> command,
        string from,
        string to,
        CancellationToken cancellationToken
    )
    {
        using var open = await Talk.OpenAsync(Port, cancellationToken);
        open.Greeting.ShouldBe(from);
        var moving = command();
        await Eventually.TrueAsync(
            async () =>
            {
                // Every new connection gets an answer, before the cutover and after it.
                using var fresh = await Talk.OpenAsync(Port, cancellationToken);
                return fresh.Greeting == to || moving.IsCompleted;
            },
            $"new connections reach {to}",
            cancellationToken
        );
        moving.IsCompleted.ShouldBeFalse("the open connection keeps the old release up");
        (await open.SayAsync("still there?", cancellationToken)).ShouldBe($"{from} still there?");
        open.Dispose();
        var result = await moving;
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
        using var last = await Talk.OpenAsync(Port, cancellationToken);
        last.Greeting.ShouldBe(to);
    }

    /// <summary>One connection to the echo service, which greets with its version.</summary>
    private sealed class Talk : IDisposable
    {
        private readonly TcpClient _client = new();
        private StreamReader? _reader;

        public string Greeting { get; private set; } = "";

        public static async Task<Talk> OpenAsync(int port, CancellationToken cancellationToken)
        {
            var talk = new Talk();
            await talk._client.ConnectAsync("127.0.0.1", port, cancellationToken);
            talk._reader = new StreamReader(talk._client.GetStream());
            talk.Greeting =
                await talk._reader.ReadLineAsync(cancellationToken)
                ?? throw new IOException("closed without a greeting");
            return talk;
        }

        public async Task<string?> SayAsync(string text, CancellationToken cancellationToken)
        {
            await _client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + "\n"), cancellationToken);
            return await _reader!.ReadLineAsync(cancellationToken);
        }

        public async Task<bool> IsCutAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await _reader!.ReadLineAsync(cancellationToken) is null;
            }
            catch (IOException)
            {
                return true;
            }
        }

        public void Dispose()
        {
            _reader?.Dispose();
            _client.Dispose();
        }
    }
}
