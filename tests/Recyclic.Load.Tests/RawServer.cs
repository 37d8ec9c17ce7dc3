using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.Load.Tests;

/// <summary>What a server does with one request.</summary>
internal enum Reaction
{
    Answer,
    AnswerAndClose,
    AnswerThenHangUp,
    CloseUnanswered,
    ResetUnanswered,
    Hang,
    Garbage,
    HalfAnswer,
    Status503,
    Status404,
}

/// <summary>
/// One request as the server saw it: the how-manieth connection, and the how-manieth request on it, from 1.
/// </summary>
internal sealed record Seen(int Connection, int Request, string Path);

/// <summary>An HTTP server on loopback that misbehaves on demand and counts everything.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Seen, Reaction> _react;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;

    public RawServer(Func<Seen, Reaction>? react = null)
    {
        _react = react ?? (_ => Reaction.Answer);
        _listener.Start(backlog: 4096);
        _accepting = AcceptAsync();
    }

    public int Connections => Volatile.Read(ref _connections);

    public int Requests => Volatile.Read(ref _requests);

    public string Version { get; set; } = "v1";

    /// <summary>Answers wait for this; replace it to stall the server.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/version");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), Interlocked.Increment(ref _connections));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException) { }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        using var closing = socket;
        socket.NoDelay = true;
        var buffer = new byte[4096];
        try
        {
            for (var request = 1; ; request++)
            {
                var count = await socket.ReceiveAsync(buffer, _stop.Token);
                if (count == 0)
                    return;
                var text = Encoding.ASCII.GetString(buffer, 0, count);
                Interlocked.Increment(ref _requests);
                await Gate;
                var reaction = _react(new Seen(connection, request, text.Split(' ')[1]));
                if (await ReactAsync(socket, reaction) || text.Contains("Connection: close"))
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException) { }
    }

    /// <returns>Whether the connection ends here.</returns>
    private async Task<bool> ReactAsync(Socket socket, Reaction reaction)
    {
        var body = $$"""{"service":"api","version":"{{Version}}"}""";
        switch (reaction)
        {
            case Reaction.Answer:
                await SendAsync(socket, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                return false;
            case Reaction.AnswerAndClose:
                await SendAsync(socket, $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}");
                return true;
            case Reaction.AnswerThenHangUp:
                await SendAsync(socket, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                return true;
            case Reaction.Status503:
                await SendAsync(socket, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\nno server");
                return false;
            case Reaction.Status404:
                await SendAsync(socket, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                return false;
            case Reaction.Garbage:
                await SendAsync(socket, "SSH-2.0-OpenSSH\r\n");
                return false;
            case Reaction.HalfAnswer:
                await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                return true;
            case Reaction.Hang:
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return true;
            case Reaction.ResetUnanswered:
                socket.LingerState = new LingerOption(true, 0);
                return true;
            default:
                return true;
        }
    }

    private static async Task SendAsync(Socket socket, string text) =>
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
}
