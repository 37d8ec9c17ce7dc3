using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.EndToEnd.Support;

/// <summary>A name server that knows every name: each is its own address. It remembers what it was asked for.</summary>
internal sealed class AnsweringNameServer : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private readonly UdpClient _socket;
    private readonly byte[] _address;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public AnsweringNameServer(string address)
    {
        var own = IPAddress.Parse(address);
        _address = own.GetAddressBytes();
        _socket = new UdpClient(new IPEndPoint(own, 53));
        _running = ServeAsync();
    }

    /// <summary>Names without the dot at their end.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_end.Token);
                if (query.Buffer.Length > HeaderLength)
                    await _socket.SendAsync(Answer(query.Buffer), query.RemoteEndPoint, _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    /// <summary>
    /// RFC 1035, section 4: the header, the question as it came, and for an address (type A) one answer.
    /// </summary>
    private byte[] Answer(byte[] query)
    {
        var name = new StringBuilder();
        var at = HeaderLength;
        for (; query[at] != 0; at += query[at] + 1)
            name.Append(Encoding.ASCII.GetString(query, at + 1, query[at])).Append('.');
        Asked.Enqueue(name.ToString().TrimEnd('.'));
        var question = query[HeaderLength..(at + 5)];
        var wantsAddress = question[^3] == 1;
        byte[] header = [query[0], query[1], 0x81, 0x80, 0, 1, 0, (byte)(wantsAddress ? 1 : 0), 0, 0, 0, 0];
        // The name by a pointer to the question, type A, class IN, 5 s to live, 4 bytes.
        return wantsAddress
            ? [.. header, .. question, 0xc0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, .. _address]
            : [.. header, .. question];
    }
}
