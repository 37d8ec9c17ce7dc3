using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.Components.Tests;

/// <param name="Headers">`Name: value` lines.</param>
internal sealed record Reply(
    int Status,
    string Body = "",
    string ContentType = "application/json",
    params string[] Headers
);

internal sealed record Ask(string Method, string Path, string? Authorization, string Body);

/// <summary>An HTTP server on loopback that answers by what is asked.</summary>
internal sealed class PathServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<Ask, Reply> _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public PathServer(Func<Ask, Reply> answer)
    {
        _answer = answer;
        (_listener, Port) = Listen();
        _running = ServeAsync();
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public ConcurrentQueue<Ask> Asked { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _listener.Abort();
        _end.Dispose();
    }

    private static (HttpListener, int) Listen()
    {
        for (var tried = 0; ; tried++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (tried < 10)
            {
                // Another took the port meanwhile.
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync().WaitAsync(_end.Token);
                // Not awaited: a client that has left must not hold up the end of the test.
                _ = Task.Run(() => Serve(context), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private void Serve(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var ask = new Ask(
                context.Request.HttpMethod,
                context.Request.RawUrl!,
                context.Request.Headers["Authorization"],
                reader.ReadToEnd()
            );
            Asked.Enqueue(ask);
            var reply = _answer(ask);
            if (reply.Status < 0)
            {
                // Nobody is there.
                context.Response.Abort();
                return;
            }
            context.Response.StatusCode = reply.Status;
            context.Response.ContentType = reply.ContentType;
            foreach (var header in reply.Headers)
                context.Response.AddHeader(header.Split(": ", 2)[0], header.Split(": ", 2)[1]);
            context.Response.Close(Encoding.UTF8.GetBytes(reply.Body), willBlock: true);
        }
        catch (Exception exception)
            when (exception
                    is HttpListenerException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or IOException
            )
        {
            // The client left, or the test is over.
        }
    }
}
