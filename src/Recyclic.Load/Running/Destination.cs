using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.Load;

/// <summary>A target made ready: its address resolved once, its requests as bytes, its connections.</summary>
internal sealed class Destination : IDisposable
{
    private readonly byte[][] _requests;

    private Destination(LoadTarget target, IPEndPoint address, TimeSpan idleLifetime)
    {
        Name = target.Name;
        Pool = new ConnectionPool(address, idleLifetime);
        var slowPath = target.SlowPath ?? target.Url.PathAndQuery;
        _requests =
        [
            Bytes(target.Url, target.Url.PathAndQuery, "keep-alive"),
            Bytes(target.Url, target.Url.PathAndQuery, "close"),
            Bytes(target.Url, slowPath, "keep-alive"),
            Bytes(target.Url, slowPath, "close"),
        ];
    }

    public string Name { get; }

    public ConnectionPool Pool { get; }

    /// <summary>Resolves the target's host; IPv4 first, because published container ports always have it.</summary>
    public static async Task<Destination> ResolveAsync(
        LoadTarget target,
        TimeSpan idleLifetime,
        CancellationToken cancellationToken
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Url.DnsSafeHost, cancellationToken);
        var address = addresses
            .OrderBy(candidate => candidate.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .First();
        return new Destination(target, new IPEndPoint(address, target.Url.Port), idleLifetime);
    }

    /// <summary>The request to send. One that opens a connection of its own asks the server to close it.</summary>
    public ReadOnlyMemory<byte> Request(bool slow, bool newConnection) =>
        _requests[(slow ? 2 : 0) + (newConnection ? 1 : 0)];

    public void Dispose() => Pool.Dispose();

    private static byte[] Bytes(Uri url, string path, string connection) =>
        Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: recyclic-load\r\nAccept: */*\r\nConnection: {connection}\r\n\r\n"
        );
}
