using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Recyclic.Components.Tests;

/// <summary>
/// An engine on a socket that has nothing, and remembers what it was asked for. Like a real one it refuses versions of
/// its API that it does not speak.
/// </summary>
internal sealed partial class SilentEngine : IAsyncDisposable
{
    private readonly Version _newest;
    private readonly Version _oldest;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("rcy-engine-");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public SilentEngine(string newest = "1.45", string oldest = "1.24")
    {
        (_newest, _oldest) = (Version.Parse(newest), Version.Parse(oldest));
        _socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "s")));
        _socket.Listen();
        _running = AcceptAsync();
    }

    public string Address => "unix://" + Path.Combine(_directory.FullName, "s");

    /// <summary>Paths with their queries, unescaped.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        await _running;
        _end.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _socket.AcceptAsync(_end.Token)));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                    // The headers; nobody sends this engine a body.
                }
                var path = Uri.UnescapeDataString(line.Split(' ')[1]);
                Asked.Enqueue(path);
                var (status, body) = Answer(path);
                await stream.WriteAsync(
                    Encoding.UTF8.GetBytes(
                        $"HTTP/1.1 {status} Text\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                    ),
                    _end.Token
                );
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or the test is over.
        }
    }

    private (int Status, string Body) Answer(string path) =>
        path switch
        {
            _ when Versioned().Match(path) is { Success: true } match
                    && Version.Parse(match.Groups[1].Value) is var asked
                    && (asked < _oldest || asked > _newest) => (
                400,
                $$"""{"message":"client version {{asked}} is too {{(asked > _newest ? "new" : "old")}}"}"""
            ),
            _ when path.EndsWith("/version", StringComparison.Ordinal) => (
                200,
                $$"""{"Version":"x.{{_newest.Minor}}","ApiVersion":"{{_newest}}","MinAPIVersion":"{{_oldest}}","Arch":"amd64","Os":"linux"}"""
            ),
            _ when path.EndsWith("/info", StringComparison.Ordinal) => (200, "{}"),
            _ when path.Contains("/images/", StringComparison.Ordinal) => (
                200,
                """{"Id":"sha256:1","Architecture":"amd64","Os":"linux","Config":{}}"""
            ),
            _ when path.Contains("/containers/json", StringComparison.Ordinal)
                    || path.Contains("/networks?", StringComparison.Ordinal)
                    || path.EndsWith("/networks", StringComparison.Ordinal) => (200, "[]"),
            _ when path.EndsWith("/volumes", StringComparison.Ordinal)
                    || path.Contains("/volumes?", StringComparison.Ordinal) => (200, """{"Volumes":[]}"""),
            _ => (404, """{"message":"no such object"}"""),
        };

    [GeneratedRegex(@"^/v(\d+\.\d+)/", RegexOptions.CultureInvariant)]
    private static partial Regex Versioned();
}
