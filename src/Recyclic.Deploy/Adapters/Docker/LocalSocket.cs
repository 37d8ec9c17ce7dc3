using System.Net.Sockets;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>A connection to a socket in this machine's files, as engines listen on.</summary>
public static class LocalSocket
{
    /// <exception cref="SocketException">Nobody listens there, or this user may not open it.</exception>
    public static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
