using System.Net.Sockets;
using System.Text;

namespace Recyclic.Compose.Tests;

/// <summary>One connection that a client keeps between its requests, and never opens anew.</summary>
internal sealed class KeptConnection : IDisposable
{
    private readonly Uri _url;
    private readonly TcpClient _client = new();

    private KeptConnection(Uri url) => _url = url;

    public static async Task<KeptConnection> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        var connection = new KeptConnection(url);
        await connection._client.ConnectAsync(url.Host, url.Port, cancellationToken);
        return connection;
    }

    /// <summary>Asks once more; the head and the body of the answer, empty when the other side has closed.</summary>
    public async Task<(string Head, string Body)> AskAsync(CancellationToken cancellationToken, params string[] headers)
    {
        var stream = _client.GetStream();
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"GET {_url.AbsolutePath} HTTP/1.1\r\nHost: {_url.Authority}\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n"
            ),
            cancellationToken
        );
        var answer = "";
        var buffer = new byte[4096];
        while (Rest(answer) is not 0 && await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            answer += Encoding.Latin1.GetString(buffer, 0, count);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? (answer, "") : (answer[..end].ToLowerInvariant(), answer[(end + 4)..]);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>How much of the body is still to come; null before the head's end.</summary>
    private static int? Rest(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return null;
        var length = answer[..end]
            .Split("\r\n")
            .Single(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        return int.Parse(length["content-length:".Length..], System.Globalization.CultureInfo.InvariantCulture)
            - (answer.Length - end - 4);
    }
}
