using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>An answer of an <see cref="Impostor"/>; null where it says nothing at all.</summary>
internal sealed record Answer(int Status, string ContentType, string Body)
{
    public static Answer Page { get; } =
        new(200, "text/html", "<!doctype html><html><body>Please log in to the hotel's network</body></html>");

    public static Answer NoSuchImage { get; } =
        new(404, "application/json", """{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");

    public static Answer Welcome { get; } = new(200, "application/json", "{}");

    public static Answer Refusal { get; } =
        new(
            403,
            "application/json",
            """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}"""
        );
}

/// <summary>Something on loopback that is no registry, or a bad one.</summary>
internal sealed class Impostor : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string, Answer?> _answer;
    private readonly Task _running;

    /// <param name="answer">What it says to a method and a path, for example `GET /v2/`.</param>
    public Impostor(Func<string, Answer?> answer)
    {
        _answer = answer;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _running = ServeAsync();
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _running;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        if (_answer($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}") is not { } answer)
            return;
        try
        {
            (context.Response.StatusCode, context.Response.ContentType) = (answer.Status, answer.ContentType);
            await context.Response.OutputStream.WriteAsync(
                Encoding.UTF8.GetBytes(context.Request.HttpMethod == "HEAD" ? "" : answer.Body)
            );
            context.Response.Close();
        }
        catch (HttpListenerException)
        {
            // Whoever asked has left.
        }
    }
}
