using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Recyclic.Components.Tests;

internal sealed record Request(string Line, string ContentType, string Body)
{
    public string Path => Line.Split(' ')[1];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Text(string name) => Json.GetProperty(name).GetString();
}

/// <summary>A server on loopback that records requests and answers as told, well or badly.</summary>
internal sealed class MiniServer : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";
    public const string Garbage = "SSH-2.0-OpenSSH_9.9\r\n";
    public const string Hang = "hang";
    public const string Hangup = "hangup";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _answers;
    private readonly string _last;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    /// <param name="answers">Raw answers, one a request; the last one for all further requests.</param>
    public MiniServer(params string[] answers)
    {
        _answers = new ConcurrentQueue<string>(answers.SkipLast(1));
        _last = answers.LastOrDefault(Ok);
        _listener.Start();
        _running = AcceptAsync();
    }

    public ConcurrentQueue<Request> Requests { get; } = new();

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public static string Answer(int status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status} Text\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                var answer = _answers.TryDequeue(out var next) ? next : _last;
                if (answer == Hangup)
                    return;
                if (answer == Hang)
                    await Task.Delay(Timeout.Infinite, _end.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), _end.Token);
                if (answer == Garbage || answer.Contains("Connection: close"))
                    return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or the test is over.
        }
    }

    private async Task<Request?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
                return null;
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var body = new byte[int.Parse(Header(lines, "Content-Length"))];
        await stream.ReadExactlyAsync(body, _end.Token);
        return new Request(lines[0], Header(lines, "Content-Type"), Encoding.UTF8.GetString(body));
    }

    private static string Header(string[] lines, string name) =>
        lines
            .First(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..]
            .Trim();
}
