using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>Asks the engine behind a socket of this machine, without the docker command.</summary>
internal sealed class EngineProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private readonly HttpClient _client;

    public EngineProbe(string path, TimeSpan? patience = null)
    {
        _path = path;
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync })
        {
            BaseAddress = new Uri("http://engine"),
            Timeout = patience ?? Patience,
        };
    }

    public void Dispose() => _client.Dispose();

    public async Task<EngineSocket> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync("/version", cancellationToken);
            if (!response.IsSuccessStatusCode)
                return new(_path, SocketState.Broken, $"answers with the status {(int)response.StatusCode}");
            var version = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
            if (!Version.TryParse(version?["ApiVersion"]?.ToString(), out var api))
                return new(_path, SocketState.Broken, "answers without a version of its API");
            var vendor = version["Platform"]?["Name"]?.ToString() is { Length: > 0 } platform
                ? platform
                : (version["Components"] as JsonArray)?.FirstOrDefault()?["Name"]?.ToString();
            return new(_path, SocketState.Answers, "", version["Version"]?.ToString() ?? "", api, vendor ?? "");
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException socket)
        {
            return socket.SocketErrorCode is SocketError.AccessDenied
                ? new(_path, SocketState.Denied, "permission denied")
                : new(_path, SocketState.Silent, socket.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(
                _path,
                SocketState.Broken,
                $"takes connections and does not answer within {_client.Timeout.TotalSeconds:0} s"
            );
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException or InvalidOperationException)
        {
            return new(_path, SocketState.Broken, "does not answer as an engine does");
        }
    }

    /// <summary>What the engine has at a path; null: nothing, or no engine.</summary>
    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(path, cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))
                : null;
        }
        catch (Exception exception)
            when (exception is HttpRequestException or JsonException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            return null;
        }
    }

    /// <summary>Names of containers; null: the engine does not say.</summary>
    /// <param name="all">Those that do not run too.</param>
    public async Task<IReadOnlyList<string>?> ContainersAsync(bool all, CancellationToken cancellationToken) =>
        await GetAsync($"/containers/json?all={(all ? 1 : 0)}", cancellationToken) is JsonArray containers
            ?
            [
                .. containers
                    .Select(container =>
                        (container?["Names"] as JsonArray)?.FirstOrDefault()?.ToString().TrimStart('/')
                        ?? container?["Id"]?.ToString()
                        ?? "?"
                    )
                    .Order(StringComparer.Ordinal),
            ]
            : null;

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    ) => await LocalSocket.ConnectAsync(_path, cancellationToken);
}
