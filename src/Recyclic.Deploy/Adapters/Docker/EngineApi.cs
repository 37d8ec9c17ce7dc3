using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The engine's HTTP interface, for reading only: a read costs a millisecond instead of a process. An engine of this machine is
/// asked through its socket; any other through `docker system dial-stdio`, so that contexts and `ssh://` work as the user has them.
/// </summary>
public sealed class EngineApi : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _negotiating = new(1);
    private string? _version;

    public EngineApi(DockerCli docker) =>
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) => docker.Setting.Socket is { } socket
                ? await ConnectAsync(socket, cancellationToken)
                : new CommandStream(docker.StartStream("system", "dial-stdio")),
            // A dialled connection is a process of some 20 ms: few, kept. One of them is for the event stream.
            MaxConnectionsPerServer = docker.Setting.Socket is null ? 3 : 8,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        })
        { BaseAddress = new Uri("http://engine"), Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A JSON answer, or null when the engine says 404.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerDeadline);
        try
        {
            return await GetUnversionedAsync(await NegotiateAsync(limit.Token) + path, limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
            || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"the engine did not answer GET {path}: {exception.Message}");
        }
    }

    /// <summary>A stream of JSON lines, until cancelled or closed by the engine.</summary>
    public async IAsyncEnumerable<JsonNode> StreamAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(await NegotiateAsync(cancellationToken) + path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            if (JsonNode.Parse(line) is { } node) yield return node;
    }

    /// <summary>A filter as the engine wants it in a query.</summary>
    public static string Filters(params (string Key, string[] Values)[] filters) => Uri.EscapeDataString(
        new JsonObject(filters.Select(filter => KeyValuePair.Create(filter.Key, (JsonNode?)new JsonArray([.. filter.Values.Select(value => (JsonNode)value)])))).ToJsonString());

    public void Dispose()
    {
        _client.Dispose();
        _negotiating.Dispose();
    }

    private async Task<JsonNode?> GetUnversionedAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(path, cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound) return null;
        if (!response.IsSuccessStatusCode) throw new EngineException($"the engine answered {(int)response.StatusCode} to GET {path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return await response.Content.ReadFromJsonAsync(ApiJson.Default.JsonNode, cancellationToken);
    }

    /// <summary>What comes before every path, asked for once: `/v1.44`.</summary>
    private async Task<string> NegotiateAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known) return known;
        // A stream, which may last, asks for it too.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerDeadline);
        await _negotiating.WaitAsync(limit.Token);
        try
        {
            return _version ??= "/v" + ApiVersion.Choose(await GetUnversionedAsync("/version", limit.Token));
        }
        finally
        {
            _negotiating.Release();
        }
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
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

/// <summary>A program's output and input as one stream; disposing it ends the program.</summary>
internal sealed class CommandStream(IRunningCommand command) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => command.Output.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => command.Output.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => command.Input.Write(buffer, offset, count);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await command.Input.WriteAsync(buffer, cancellationToken);
        await command.Input.FlushAsync(cancellationToken);
    }

    public override void Flush() => command.Input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => command.Input.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _ = command.DisposeAsync().AsTask();
        base.Dispose(disposing);
    }
}
