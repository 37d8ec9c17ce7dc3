using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Recyclic.Sample.Api;

/// <summary>
/// The two Redis commands the sample needs, over one connection that is opened when first used and again after it broke.
/// </summary>
internal sealed class RedisClient(string host, int port) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private TcpClient? _connection;

    /// <summary>Tries once more on a new connection: the open one may have died with the last Redis, and asking twice does no harm.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(cancellationToken, "PING");
        }
        catch (IOException)
        {
            await SendAsync(cancellationToken, "PING");
        }
    }

    /// <summary>Never repeated: a command whose answer was lost may have counted.</summary>
    public async Task<long> IncrementAsync(string key, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(cancellationToken, "INCR", key);
        return long.Parse(answer.AsSpan(1), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _turn.Dispose();
    }

    private async Task<string> SendAsync(CancellationToken cancellationToken, params string[] words)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        var held = false;
        try
        {
            await _turn.WaitAsync(limit.Token);
            held = true;
            var answer = await ExchangeAsync(words, limit.Token);
            return answer[0] is '+' or ':' ? answer : throw new IOException($"Redis answered {answer}");
        }
        catch (Exception failure)
        {
            // Whatever went wrong, an answer may still be on its way: the next command must not take it for its own.
            if (held)
                Drop();
            throw failure switch
            {
                SocketException => new IOException($"Redis at {host}:{port}: {failure.Message}", failure),
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    new TimeoutException($"Redis at {host}:{port}: no answer within {Deadline.TotalMilliseconds:0} ms", failure),
                _ => failure,
            };
        }
        finally
        {
            if (held)
                _turn.Release();
        }
    }

    private async Task<string> ExchangeAsync(string[] words, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync(host, port, cancellationToken);
        }
        var stream = _connection.GetStream();
        var request = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words)
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        return await ReadLineAsync(stream, cancellationToken);
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(512);
        try
        {
            var length = 0;
            while (length < 2 || buffer[length - 2] != '\r' || buffer[length - 1] != '\n')
            {
                if (length == buffer.Length)
                    throw new IOException("Redis sent a line that is too long");
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    throw new IOException("Redis closed the connection");
                length += read;
            }
            return length > 2 ? Encoding.UTF8.GetString(buffer, 0, length - 2) : throw new IOException("Redis sent an empty line");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
