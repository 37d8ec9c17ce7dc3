using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker.Ssh;

/// <summary>
/// A far engine's socket on this machine, through one ssh connection for all that is asked of it: docker, compose,
/// buildx and our own reads. A server that is asked for a connection by each of them drops those beyond its limits
/// (sshd's MaxStartups is 10). The connection is opened anew when it breaks, and gone when this is disposed of or the
/// process ends. </summary>
public sealed class EngineTunnel : IAsyncDisposable
{
    /// <summary>sshd's MaxSessions is 10; the first is the connection's own.</summary>
    private const int MostDialled = 8;

    /// <summary>What a socket's path may have: 108 bytes, of which ssh takes some for a name of its own.</summary>
    private const int LongestDirectory = 60;

    private static readonly TimeSpan OpenedAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeDeadline = TimeSpan.FromSeconds(10);
    private readonly ICommandRunner _runner;
    private readonly SshDestination _destination;
    private readonly DirectoryInfo _directory;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly SemaphoreSlim _dialled = new(MostDialled);
    private SshConnection? _connection;
    private string? _forwarded;
    private int _connections;
    private (long At, string Why)? _failed;
    private Task _accepting = Task.CompletedTask;

    private EngineTunnel(ICommandRunner runner, SshDestination destination, DirectoryInfo directory) =>
        (_runner, _destination, _directory) = (runner, destination, directory);

    /// <summary>The socket on this machine.</summary>
    public string Socket => Path.Combine(_directory.FullName, "docker.sock");

    /// <summary>The variables that send the docker command line through it.</summary>
    public ImmutableDictionary<string, string> Variables =>
        ImmutableDictionary<string, string>.Empty.Add("DOCKER_HOST", $"unix://{Socket}").Add("DOCKER_CONTEXT", "");

    /// <summary>
    /// What a program says that failed to reach the engine, with the address that the user knows, and with ssh's own
    /// reason.
    /// </summary>
    public string Explain(string error)
    {
        // Docker's programs write a socket in four ways, the last one where an address has its host.
        var explained = new[]
        {
            $"unix://{Socket}",
            $"unix @->{Socket}",
            Socket,
            $"http://{Uri.EscapeDataString(Socket)}",
        }.Aggregate(error, (text, way) => text.Replace(way, $"{_destination}", StringComparison.Ordinal));
        return _failed is { } failed
            ? $"{explained.TrimEnd()}; the connection cannot be opened anew: {failed.Why}\n"
            : explained;
    }

    /// <summary>Opens the way to an engine that is reached by ssh.</summary>
    /// <param name="variables">Those that docker is run with: they name the engine, and an agent that holds a
    /// key.</param>
    /// <returns>Null where the engine is reached otherwise, or where this machine's ssh or the far side does not offer
    /// it: docker then finds its own way.</returns>
    /// <exception cref="ConfigurationException">The host cannot be reached.</exception>
    public static async Task<EngineTunnel?> OpenAsync(
        ICommandRunner runner,
        ImmutableDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        // Windows' ssh joins nothing to a connection.
        if (
            OperatingSystem.IsWindows()
            || SshDestination.Parse(new DockerSetting(variables).EngineHost) is not { } destination
        )
            return null;
        var tunnel = new EngineTunnel(new VariablesRunner(runner, variables), destination, CreateDirectory());
        try
        {
            if (await tunnel.StartAsync(cancellationToken))
                return tunnel;
        }
        catch (SshFailedException exception)
        {
            await tunnel.DisposeAsync();
            throw new ConfigurationException(
                "engine",
                $"no Docker engine answers: {destination} cannot be reached: {exception.Message}",
                EngineReader.HowToReach(exception.Message)
            );
        }
        catch (Exception exception)
        {
            await tunnel.DisposeAsync();
            if (exception is not CommandFailedException)
                throw;
            return null;
        }
        await tunnel.DisposeAsync();
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        if (_connection is not null)
            await _connection.DisposeAsync();
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // ssh takes its own away at this moment.
        }
    }

    private async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        if (await ConnectedAsync(cancellationToken) is null)
            return false;
        if (!await AnswersAsync(cancellationToken))
        {
            // The server forwards no sockets, or the user may not open that one: docker's own program on the far side
            // may.
            _forwarded = null;
            if (!await AnswersAsync(cancellationToken))
                return false;
        }
        _listener.Bind(new UnixDomainSocketEndPoint(Socket));
        _listener.Listen(128);
        _accepting = AcceptAsync();
        return true;
    }

    /// <summary>Only this user may look into it: .NET creates it so.</summary>
    [UnsupportedOSPlatform("windows")]
    private static DirectoryInfo CreateDirectory()
    {
        var usual = PrivateFiles.CreateFolder("recyclic-engine-");
        // A colon parts the two ends of a forwarding.
        if (usual.FullName.Length <= LongestDirectory && !usual.FullName.Contains(':'))
            return usual;
        usual.Delete();
        return Directory.CreateDirectory(
            $"/tmp/recyclic-engine-{Path.GetRandomFileName()}",
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = BridgeAsync(await _listener.AcceptAsync(_ending.Token));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    /// <summary>Joins one client to the engine until both have nothing more to say, or one is gone.</summary>
    private async Task BridgeAsync(Socket client)
    {
        using var near = new NetworkStream(client, ownsSocket: true);
        try
        {
            await using var far = await FarEnd.OpenAsync(this, _ending.Token);
            var there = PumpAsync(near, far.Stream, far.EndWriting);
            var back = PumpAsync(far.Stream, near, () => client.Shutdown(SocketShutdown.Send));
            // Whichever breaks takes the other with it; one that has merely ended leaves the other to its end.
            if (await Task.WhenAny(there, back) is { IsFaulted: true })
                return;
            await Task.WhenAll(there, back);
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or SshFailedException
                        or CommandFailedException
                        or InvalidOperationException
            )
        {
            // The client sees its connection closed, and says so.
        }
    }

    private async Task PumpAsync(Stream from, Stream to, Action end)
    {
        await from.CopyToAsync(to, _ending.Token);
        end();
    }

    /// <summary>The connection, opened anew if it broke; null where the far side does not offer it.</summary>
    private async Task<SshConnection?> ConnectedAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } open)
                return open;
            if (_failed is { } failed && Stopwatch.GetElapsedTime(failed.At) < OpenedAgainAfter)
                throw new SshFailedException(failed.Why);
            return await ConnectAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<SshConnection?> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        var number = ++_connections;
        try
        {
            _connection = await SshConnection.OpenAsync(
                _runner,
                _destination,
                Path.Combine(_directory.FullName, $"c{number}"),
                cancellationToken
            );
        }
        catch (SshFailedException exception)
        {
            _failed = (Stopwatch.GetTimestamp(), exception.Message);
            throw;
        }
        _failed = null;
        if (_connection?.FarSocket is { } socket && (number == 1 || _forwarded is not null))
        {
            var local = Path.Combine(_directory.FullName, $"f{number}");
            _forwarded = await _connection.ForwardAsync(local, socket, cancellationToken) ? local : null;
        }
        return _connection;
    }

    /// <summary>Whether the engine answers by the way that is open.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeDeadline);
        try
        {
            await using var far = await FarEnd.OpenAsync(this, limit.Token);
            await far.Stream.WriteAsync(
                "GET /_ping HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n"u8.ToArray(),
                limit.Token
            );
            var answer = new byte[5];
            await far.Stream.ReadExactlyAsync(answer, limit.Token);
            return answer.AsSpan().SequenceEqual("HTTP/"u8);
        }
        catch (Exception exception)
            when (exception is IOException or SocketException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            return false;
        }
    }

    /// <summary>One stream to the engine.</summary>
    private sealed class FarEnd(Stream stream, Action endWriting, Func<ValueTask> close) : IAsyncDisposable
    {
        public Stream Stream => stream;

        public Action EndWriting => endWriting;

        public static async Task<FarEnd> OpenAsync(EngineTunnel tunnel, CancellationToken cancellationToken)
        {
            var connection =
                await tunnel.ConnectedAsync(cancellationToken)
                ?? throw new SshFailedException("the far side offers no way to the engine");
            return tunnel._forwarded is { } path
                ? await ForwardedAsync(path, cancellationToken)
                : await DialledAsync(tunnel, connection, cancellationToken);
        }

        public ValueTask DisposeAsync() => close();

        private static async Task<FarEnd> ForwardedAsync(string path, CancellationToken cancellationToken)
        {
            var stream = await LocalSocket.ConnectAsync(path, cancellationToken);
            return new(stream, () => stream.Socket.Shutdown(SocketShutdown.Send), stream.DisposeAsync);
        }

        private static async Task<FarEnd> DialledAsync(
            EngineTunnel tunnel,
            SshConnection connection,
            CancellationToken cancellationToken
        )
        {
            await tunnel._dialled.WaitAsync(cancellationToken);
            try
            {
                var command = connection.Dial();
                return new(
                    new CommandStream(command),
                    command.Input.Dispose,
                    async () =>
                    {
                        await command.DisposeAsync();
                        tunnel._dialled.Release();
                    }
                );
            }
            catch
            {
                tunnel._dialled.Release();
                throw;
            }
        }
    }
}
