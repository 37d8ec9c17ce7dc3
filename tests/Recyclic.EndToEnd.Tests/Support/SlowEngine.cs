using System.Net.Sockets;

namespace Recyclic.EndToEnd.Support;

/// <summary>A socket in front of an engine's that passes every request on late.</summary>
internal sealed class SlowEngine : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recyclic-slow-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _engine;
    private readonly TimeSpan _late;
    private readonly Task _accepting;

    public SlowEngine(string engine, TimeSpan late)
    {
        (_engine, _late) = (engine, late);
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "docker.sock")));
        _listener.Listen(200);
        _accepting = AcceptAsync();
    }

    public string Url => "unix://" + Path.Combine(_directory, "docker.sock");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Over.
        }
        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket client)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            try
            {
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(_engine), _stop.Token);
                await Task.WhenAll(PassOnAsync(client, engine, _late), PassOnAsync(engine, client, TimeSpan.Zero));
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side has gone.
            }
        }
    }

    /// <summary>
    /// What is sent arrives late; that nothing more is sent is passed on too, since docker closes one direction at a
    /// time.
    /// </summary>
    private async Task PassOnAsync(Socket from, Socket to, TimeSpan late)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            if (late > TimeSpan.Zero)
                await Task.Delay(late, _stop.Token);
            for (var sent = 0; sent < count; )
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
        }
        to.Shutdown(SocketShutdown.Send);
    }
}
