using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using Docker.DotNet.NativeHttp;
using Recyclic.Deploy.Model;
using Version = System.Version;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The engine's HTTP interface, by Docker.DotNet, for reading only (and for a container's own health check, whose
/// command line is nobody else's to read): a read costs a millisecond or two instead of a process. An engine with a socket on this machine, its own or a tunnel's, is asked through that; any other through
/// <c>docker system dial-stdio</c>, so that contexts work as the user has them. What the engine does not have is null;
/// what it does not answer, within 30 s, is an <see cref="EngineException"/>. </summary>
public sealed partial class EngineClient(DockerCli docker) : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    /// <summary>Docker.DotNet wants an address; where the connection leads is ours to say.</summary>
    private static readonly Uri Engine = new("http://engine");

    private readonly SemaphoreSlim _negotiating = new(1);
    private DockerClient? _client;
    private Version? _version;

    /// <summary>The engine's version and the version of its API.</summary>
    public Task<VersionResponse> ReadVersionAsync(CancellationToken cancellationToken) =>
        AskAsync("its version", (client, token) => client.System.GetVersionAsync(token), cancellationToken);

    /// <summary>The facts of `docker info`: counts, storage, security options.</summary>
    public Task<SystemInfoResponse> ReadInfoAsync(CancellationToken cancellationToken) =>
        AskAsync("what it is", (client, token) => client.System.GetSystemInfoAsync(token), cancellationToken);

    /// <summary>A container in whatever state; null: there is none.</summary>
    public Task<ContainerInspectResponse?> FindContainerAsync(string idOrName, CancellationToken cancellationToken) =>
        FindAsync(
            $"the container {idOrName}",
            (client, token) => client.Containers.InspectContainerAsync(PathOf(idOrName), token),
            cancellationToken
        );

    /// <summary>An image of the engine's own store; null: it is not there. No registry is asked.</summary>
    public Task<ImageInspectResponse?> FindImageAsync(string idOrReference, CancellationToken cancellationToken) =>
        FindAsync(
            $"the image {idOrReference}",
            (client, token) => client.Images.InspectImageAsync(PathOf(idOrReference), token),
            cancellationToken
        );

    /// <summary>A volume by its full name; null: there is none.</summary>
    public Task<VolumeResponse?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        FindAsync(
            $"the volume {name}",
            (client, token) => client.Volumes.InspectAsync(PathOf(name), token),
            cancellationToken
        );

    /// <summary>Containers in every state.</summary>
    /// <param name="label">Only those with this label, <c>key=value</c>; default: all.</param>
    public Task<IList<ContainerListResponse>> ListContainersAsync(
        CancellationToken cancellationToken,
        string? label = null
    ) =>
        AskAsync(
            "its containers",
            (client, token) =>
                client.Containers.ListContainersAsync(
                    new() { All = true, Filters = label is null ? null : Filters(("label", [label])) },
                    token
                ),
            cancellationToken
        );

    /// <summary>All networks, without the containers on them: the engine tells those only of one network.</summary>
    public Task<IList<NetworkResponse>> ListNetworksAsync(CancellationToken cancellationToken) =>
        AskAsync("its networks", (client, token) => client.Networks.ListNetworksAsync(new(), token), cancellationToken);

    /// <summary>All volumes, whoever made them.</summary>
    public async Task<IList<VolumeResponse>> ListVolumesAsync(CancellationToken cancellationToken) =>
        (await AskAsync("its volumes", (client, token) => client.Volumes.ListAsync(token), cancellationToken)).Volumes
        ?? [];

    /// <summary>What happens to containers, until cancelled or until the engine breaks off.</summary>
    /// <param name="since">From when on; what has happened by now comes first.</param>
    /// <param name="events">The engine's names of what is of concern.</param>
    public async IAsyncEnumerable<Message> WatchContainersAsync(
        DateTimeOffset since,
        string[] events,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var client = await ConnectAsync(cancellationToken);
        var messages = Channel.CreateUnbounded<Message>(new() { SingleReader = true });
        var parameters = new ContainerEventsParameters
        {
            Since = FormattableString.Invariant($"{since.ToUnixTimeMilliseconds() / 1000.0:0.000}"),
            Filters = Filters(("type", ["container"]), ("event", events)),
        };
        var watching = WatchAsync();
        await foreach (var message in messages.Reader.ReadAllAsync(cancellationToken))
            yield return message;
        await watching;

        async Task WatchAsync()
        {
            try
            {
                await client.System.MonitorEventsAsync(parameters, new InOrder(messages.Writer), cancellationToken);
                messages.Writer.TryComplete();
            }
            catch (Exception exception)
            {
                messages.Writer.TryComplete(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _negotiating.Dispose();
    }

    private async Task<T?> FindAsync<T>(
        string what,
        Func<IDockerClient, CancellationToken, Task<T>> question,
        CancellationToken cancellationToken
    )
        where T : class =>
        await AskAsync<T?>(
            what,
            async (client, token) =>
            {
                try
                {
                    return await question(client, token);
                }
                catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken
        );

    private async Task<T> AskAsync<T>(
        string what,
        Func<IDockerClient, CancellationToken, Task<T>> question,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerDeadline);
        try
        {
            return await question(await ConnectAsync(limit.Token), limit.Token);
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or DockerApiException
                        or TimeoutException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            throw new EngineException($"the engine did not say {what}: {exception.Message}");
        }
    }

    /// <summary>A client that speaks a version of the interface that this engine knows; asked for once.</summary>
    private async Task<DockerClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_client is { } known)
            return known;
        await _negotiating.WaitAsync(cancellationToken);
        try
        {
            if (_client is not null)
                return _client;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // A stream, which may last, asks for it too.
            limit.CancelAfter(AnswerDeadline);
            using var unversioned = Client(null);
            var engine = await unversioned.System.GetVersionAsync(limit.Token);
            return _client = Client(_version = ApiVersion.Choose(engine.APIVersion, engine.MinAPIVersion));
        }
        finally
        {
            _negotiating.Release();
        }
    }

    private DockerClient Client(Version? version) =>
        new DockerClientBuilder()
            .WithEndpoint(Engine)
            .WithApiVersion(version!)
            // Each question has a deadline of its own, and a stream has none.
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(
                new NativeHttpTransportOptions
                {
                    ConfigureHandler = handler =>
                    {
                        handler.ConnectCallback = async (_, cancellationToken) =>
                            docker.Setting.Socket is { } socket
                                ? await LocalSocket.ConnectAsync(socket, cancellationToken)
                                : new CommandStream(docker.StartStream("system", "dial-stdio"));
                        // A dialled connection is a process of some 20 ms: few, kept. One of them is for the event
                        // stream, and each health check has one while it runs.
                        handler.MaxConnectionsPerServer = docker.Setting.Socket is null ? 6 : 64;
                        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10);
                    },
                }
            )
            .Build();

    /// <summary>
    /// A name as part of an address: what references are made of stays, and anything else cannot mean a query or
    /// another path.
    /// </summary>
    private static string PathOf(string name) =>
        Uri.EscapeDataString(name)
            .Replace("%2F", "/", StringComparison.Ordinal)
            .Replace("%3A", ":", StringComparison.Ordinal)
            .Replace("%40", "@", StringComparison.Ordinal);

    private static Dictionary<string, IDictionary<string, bool>> Filters(
        params (string Key, string[] Values)[] filters
    ) =>
        filters.ToDictionary(
            filter => filter.Key,
            filter => (IDictionary<string, bool>)filter.Values.ToDictionary(value => value, _ => true)
        );

    /// <summary>Hands on each message at once: .NET's own <see cref="Progress{T}"/> keeps no order.</summary>
    private sealed class InOrder(ChannelWriter<Message> writer) : IProgress<Message>
    {
        public void Report(Message value) => writer.TryWrite(value);
    }
}
