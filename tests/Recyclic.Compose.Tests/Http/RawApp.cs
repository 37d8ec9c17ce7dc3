using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.Compose.Tests.Http;

/// <summary>
/// An application that takes bytes as they come and answers by the turns of one exchange at a time, as the client on the
/// other side does its part.
/// </summary>
internal sealed class RawApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private Running _running = new([]);

    public RawApp()
    {
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Does an exchange by the port, and says what arrived here and what the client got, by turn.</summary>
    public async Task<Outcome> DoAsync(Exchange exchange, int port, CancellationToken cancellationToken)
    {
        var running = new Running(exchange.Turns);
        _running = running;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        var stream = client.GetStream();
        var got = ImmutableArray.CreateBuilder<string>();
        foreach (var (turn, index) in exchange.Turns.Select((turn, index) => (turn, index)))
        {
            await SendAsync(stream, turn.Sends, patience.Token);
            running.Begin(index);
            var (text, isOpen) = await ReadAsync(stream, turn.ClientAwaits, patience.Token);
            got.Add(text);
            if (turn.AppAnswers.Length == 0 && isOpen)
                await running.TookAsync(index).WaitAsync(patience.Token);
            if (!isOpen)
                break;
        }
        client.Close();
        await running.EndedAsync().WaitAsync(patience.Token);
        return new([.. running.Arrived], got.ToImmutable(), running.Left);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client, _running);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException) { }
    }

    private async Task ServeAsync(TcpClient client, Running running)
    {
        using var _ = client;
        running.Opened();
        var text = new StringBuilder();
        try
        {
            var stream = client.GetStream();
            while (running.Turn is { } turn)
            {
                await running.BegunAsync().WaitAsync(_stop.Token);
                while (!text.ToString().Contains(turn.AppAwaits, StringComparison.Ordinal))
                    if (!await FillAsync(stream, text, _stop.Token))
                        return;
                running.Took(text.ToString());
                text.Clear();
                await SendAsync(stream, turn.AppAnswers, _stop.Token);
                if (turn.AppAnswers.Contains("Connection: close", StringComparison.Ordinal))
                    break;
            }
            client.Client.Shutdown(SocketShutdown.Send);
            while (await FillAsync(stream, text, _stop.Token)) { }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException) { }
        finally
        {
            running.Closed(text.ToString());
        }
    }

    private static async Task SendAsync(NetworkStream stream, string text, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);
        }
        catch (IOException)
        {
            // The other side has refused and closed already; what it said before is still to be read.
        }
    }

    /// <summary>Reads until a text has come, or the other side has closed.</summary>
    private static async Task<(string Text, bool IsOpen)> ReadAsync(
        NetworkStream stream,
        string until,
        CancellationToken cancellationToken
    )
    {
        var text = new StringBuilder();
        try
        {
            while (!text.ToString().Contains(until, StringComparison.Ordinal))
                if (!await FillAsync(stream, text, cancellationToken))
                    return (text.ToString(), false);
            return (text.ToString(), true);
        }
        catch (IOException)
        {
            return (text.ToString(), false);
        }
    }

    private static async Task<bool> FillAsync(
        NetworkStream stream,
        StringBuilder text,
        CancellationToken cancellationToken
    )
    {
        var buffer = new byte[256 * 1024];
        var count = await stream.ReadAsync(buffer, cancellationToken);
        text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return count > 0;
    }

    /// <param name="Arrived">By turn.</param>
    /// <param name="Got">By turn.</param>
    /// <param name="Left">What arrived besides.</param>
    internal sealed record Outcome(ImmutableArray<string> Arrived, ImmutableArray<string> Got, string Left);

    /// <summary>An exchange under way.</summary>
    private sealed class Running(ImmutableArray<Turn> turns)
    {
        private readonly ImmutableArray<TaskCompletionSource> _begun =
        [
            .. turns.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)),
        ];
        private readonly ImmutableArray<TaskCompletionSource> _took =
        [
            .. turns.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)),
        ];
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _open;
        private bool _isOver;

        public ConcurrentQueue<string> Arrived { get; } = [];

        public string Left { get; private set; } = "";

        public Turn? Turn => Arrived.Count < turns.Length ? turns[Arrived.Count] : null;

        public void Begin(int turn) => _begun[turn].TrySetResult();

        public Task BegunAsync() => _begun[Math.Min(Arrived.Count, turns.Length - 1)].Task;

        public Task TookAsync(int turn) => _took[turn].Task;

        public void Took(string text)
        {
            Arrived.Enqueue(text);
            _took[Arrived.Count - 1].TrySetResult();
        }

        public void Opened()
        {
            lock (_lock)
                _open++;
        }

        public void Closed(string left)
        {
            lock (_lock)
            {
                Left += left;
                if (--_open == 0 && _isOver)
                    _ended.TrySetResult();
            }
        }

        /// <summary>When all connections to the application are closed.</summary>
        public Task EndedAsync()
        {
            lock (_lock)
            {
                _isOver = true;
                foreach (var begun in _begun)
                    begun.TrySetResult();
                if (_open == 0)
                    _ended.TrySetResult();
            }
            return _ended.Task;
        }
    }
}
