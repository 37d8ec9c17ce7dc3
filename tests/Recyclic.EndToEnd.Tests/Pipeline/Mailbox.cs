using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>Where `WEBHOOK_URL` points: keeps the notices that it gets.</summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _running;

    public Mailbox()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _running = ReceiveAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<JsonNode> Notices { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _running;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                if (JsonNode.Parse(await reader.ReadToEndAsync()) is { } notice)
                    Notices.Enqueue(notice);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
