using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker.Ssh;

/// <summary>
/// One connection to a host, which more can be joined to (ssh's ControlMaster). Host keys, agents and jump hosts are as
/// ssh has them. It ends with this process, however that ends: on the far side a program waits for the end of its
/// input. </summary>
internal sealed class SshConnection : IAsyncDisposable
{
    private const string Greeting = "recyclic";
    private const string DefaultSocket = "/var/run/docker.sock";
    private const int GreetingLines = 50;

    /// <summary>What ssh itself exits with when it fails, whatever the program of the far side would.</summary>
    private const int Unreachable = 255;

    private static readonly TimeSpan OpenDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ControlDeadline = TimeSpan.FromSeconds(10);
    private readonly ICommandRunner _runner;
    private readonly SshDestination _destination;
    private readonly string _control;
    private readonly IRunningCommand _master;

    private SshConnection(ICommandRunner runner, SshDestination destination, string control, IRunningCommand master) =>
        (_runner, _destination, _control, _master) = (runner, destination, control, master);

    public bool IsOpen => !_master.Ended.IsCompleted;

    /// <summary>The engine's socket on the far side, where docker is set to a socket there.</summary>
    public string? FarSocket { get; private set; }

    /// <param name="control">The file by which more is joined; not there yet.</param>
    /// <returns>Null where the far side runs another program than those that were asked for.</returns>
    /// <exception cref="SshFailedException">The host cannot be reached, or lets nobody in.</exception>
    /// <exception cref="CommandFailedException">There is no ssh here.</exception>
    public static async Task<SshConnection?> OpenAsync(
        ICommandRunner runner,
        SshDestination destination,
        string control,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OpenDeadline);
        // A link that is silent for a quarter of a minute is given up: its streams end, and the next use opens a new
        // one. ssh hands the far side's shell one line; it is always this one.
        var master = runner.Start(
            Command.Of(
                "ssh",
                [
                    "-T",
                    "-M",
                    "-S",
                    Escape(control),
                    "-o",
                    "ControlPersist=no",
                    .. SshDestination.Liveness,
                    .. destination.Arguments("docker context inspect --format '{{.Endpoints.docker.Host}}'; exec cat"),
                ]
            )
        );
        var connection = new SshConnection(runner, destination, control, master);
        try
        {
            if (await connection.GreetAsync(limit.Token))
                return connection;
            await connection.DisposeAsync();
            if (await master.Ended.WaitAsync(limit.Token) is { ExitCode: Unreachable } ended)
                throw new SshFailedException(LastLine(ended.StandardError));
            return null;
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new SshFailedException($"no word from {destination} within {OpenDeadline.TotalSeconds:0} s");
            throw;
        }
    }

    /// <summary>Makes a local socket that leads to one of the far side.</summary>
    /// <returns>Whether ssh makes it; what the server allows is seen at its first use.</returns>
    public async Task<bool> ForwardAsync(string local, string far, CancellationToken cancellationToken) =>
        (
            await _runner.RunAsync(
                Command.Of(
                    "ssh",
                    ["-S", Escape(_control), "-O", "forward", "-L", $"{local}:{far}", .. _destination.Arguments()]
                ) with
                {
                    Timeout = ControlDeadline,
                },
                cancellationToken
            )
        ).Succeeded;

    /// <summary>A stream to the engine as a program of its own, joined to this connection.</summary>
    public IRunningCommand Dial() =>
        _runner.Start(
            Command.Of("ssh", ["-T", "-S", Escape(_control), .. _destination.DialStdio]) with
            {
                EndPatience = TimeSpan.Zero,
            }
        );

    public ValueTask DisposeAsync() => _master.DisposeAsync();

    /// <summary>
    /// The far side says back what it is told: until then come a host's own words, and the address that docker has
    /// there.
    /// </summary>
    private async Task<bool> GreetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _master.WriteLineAsync(Greeting, cancellationToken);
        }
        catch (IOException)
        {
            // It has ended already, and says why.
            return false;
        }
        string? address = null;
        var lines = 0;
        await foreach (var line in _master.ReadLinesAsync(cancellationToken))
        {
            if (line == Greeting)
            {
                FarSocket = _destination.Socket ?? FarSocketOf(address);
                return true;
            }
            address = line.Trim();
            if (++lines == GreetingLines)
                break;
        }
        return false;
    }

    /// <summary>
    /// No word of docker's: an old one, or one that is not on the path of such a session; the engine may be there all
    /// the same.
    /// </summary>
    private static string? FarSocketOf(string? address) =>
        address is null or "" ? DefaultSocket
        : address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..]
        : null;

    /// <summary>ssh puts a host's name and more in place of a percent sign and a letter.</summary>
    private static string Escape(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
        ?? "ssh ended without a word";
}

/// <summary>A host cannot be reached by ssh; the message is ssh's own.</summary>
internal sealed class SshFailedException(string message) : Exception(message);
