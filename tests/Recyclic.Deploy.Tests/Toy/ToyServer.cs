using System.Net;
using System.Net.Sockets;

namespace Recyclic.Deploy.Tests.Toy;

/// <summary>Says its version to whoever connects.</summary>
internal sealed class ToyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ToyServer(string version)
    {
        _listener.Start();
        _ = ServeAsync(System.Text.Encoding.UTF8.GetBytes(version));
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(byte[] version)
    {
        try
        {
            while (true)
                using (var client = await _listener.AcceptTcpClientAsync())
                    await client.GetStream().WriteAsync(version);
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException) { }
    }
}
