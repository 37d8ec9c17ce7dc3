using System.Net;
using System.Net.Sockets;

namespace Recyclic.Load;

/// <summary>One TCP connection that carries one request at a time. Never sends anything twice.</summary>
internal sealed class Connection(IPEndPoint address) : IDisposable
{
    private readonly Socket _socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly ResponseParser _parser = new();

    /// <summary>When the connection was last used, in Stopwatch ticks.</summary>
    public long LastUsedTicks { get; private set; }

    /// <summary>
    /// Whether an idle connection must not be used again, because the other side has closed it or sent bytes nobody
    /// asked for. Looking is not a retry: nothing has been sent yet.
    /// </summary>
    public bool IsStale
    {
        get
        {
            try
            {
                return _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    public ValueTask OpenAsync() => _socket.ConnectAsync(address, CancellationToken.None);

    /// <summary>Sends one request and reads its response.</summary>
    /// <returns>The response, and whether the connection can carry another request.</returns>
    public async ValueTask<(LoadResponse Response, bool KeepsAlive)> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        _parser.Reset();
        for (var rest = request; rest.Length > 0; )
            rest = rest[await _socket.SendAsync(rest, SocketFlags.None)..];
        while (true)
        {
            var count = await _socket.ReceiveAsync(_parser.Space(), SocketFlags.None);
            if (_parser.Advance(count) is not { } response)
                continue;
            LastUsedTicks = LoadClock.Now;
            return (response, _parser.KeepsAlive);
        }
    }

    /// <summary>Closes the connection; a send or receive under way ends with an error.</summary>
    public void Dispose() => _socket.Dispose();
}
