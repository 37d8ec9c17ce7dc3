using System.Text;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// A Docker engine of a test's own, in a network of its own, that may be stopped, killed and starved. It shares nothing
/// with this machine's.
/// </summary>
internal sealed class PrivateEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);
    private readonly PrivateNetwork _network;
    private readonly string _directory;
    private readonly StringBuilder _log = new();
    private IRunningCommand? _running;

    private readonly string[] _options;

    private PrivateEngine(PrivateNetwork network, string directory, string[] options)
    {
        _network = network;
        _options = options;
        _directory = directory;
        Docker = new DockerCommand(
            new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + Socket, ["DOCKER_CONTEXT"] = "" }
        );
    }

    public string Socket => Path.Combine(_directory, "docker.sock");

    /// <summary>The docker command line, set to this engine.</summary>
    public DockerCommand Docker { get; }

    /// <summary>The last lines that the engine wrote of itself.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public bool IsRunning => Process is not null;

    private int? Process => HostProcesses.Read(PidFile, "dockerd");

    private string State => Path.Combine(_directory, "state");

    private string PidFile => Path.Combine(_directory, "docker.pid");

    /// <param name="directory">Of this engine alone; removed with it.</param>
    /// <param name="options">Of dockerd, besides those that set it apart.</param>
    public static async Task<PrivateEngine> StartAsync(
        PrivateNetwork network,
        string directory,
        CancellationToken cancellationToken,
        params string[] options
    )
    {
        Directory.CreateDirectory(directory);
        var engine = new PrivateEngine(network, directory, options);
        try
        {
            await engine.StartAsync(cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the engine and returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
            throw new InvalidOperationException("This engine runs.");
        // A containerd of its own where none is found, and names of its own in one that is.
        string[] arguments =
        [
            "--data-root",
            Path.Combine(_directory, "data"),
            "--exec-root",
            State,
            "--pidfile",
            PidFile,
            "--host",
            "unix://" + Socket,
            "--containerd-namespace",
            _network.Name,
            "--containerd-plugins-namespace",
            _network.Name + "-plugins",
            "--config-file",
            Path.Combine(_directory, "none.json"),
            .. _options,
        ];
        await File.WriteAllTextAsync(Path.Combine(_directory, "none.json"), "{}", cancellationToken);
        _running = DockerHere.Runner.Start(
            _network.Inside("dockerd", arguments) with
            {
                OnErrorLine = Note,
                OnLine = Note,
                EndPatience = TimeSpan.Zero,
            }
        );
        await Eventually.TrueAsync(
            async () =>
            {
                if (_running.Ended.IsCompleted)
                    throw new InvalidOperationException($"the private engine has ended:\n{Log}");
                return (await Docker.TryAsync(["version"], cancellationToken)).Succeeded;
            },
            StartDeadline,
            "the private engine answers",
            cancellationToken
        );
    }

    /// <summary>Asks the engine to end, as a service manager does; it stops its containers first.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Process is { } engine)
        {
            await HostProcesses.SignalAsync("TERM", engine);
            await Eventually.TrueAsync(
                () => Task.FromResult(!HostProcesses.IsAlive(engine)),
                StopDeadline,
                "the private engine has stopped",
                cancellationToken
            );
        }
        await ForgetAsync();
    }

    /// <summary>
    /// Ends the engine as a power cut would end it alone: its containers and their supervisors run on.
    /// </summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await HostProcesses.KillAsync(
            [Process ?? throw new InvalidOperationException("This engine does not run.")],
            cancellationToken
        );
        await ForgetAsync();
        File.Delete(PidFile);
    }

    /// <summary>
    /// Ends everything of this engine at once: the engine, its containerd, the supervisors, the containers. As a power
    /// cut.
    /// </summary>
    public async Task CutPowerAsync(CancellationToken cancellationToken)
    {
        // All that is on this host's network: engine, containerd, supervisors. Containers are on networks of their own,
        // below them.
        var own = (await _network.ProcessesAsync(cancellationToken))
            .Where(process => HostProcesses.Name(process) != "sshd")
            .ToList();
        await HostProcesses.KillAsync(
            [.. own.Concat(own.SelectMany(HostProcesses.Descendants)).Distinct()],
            cancellationToken
        );
        await ForgetAsync();
        File.Delete(PidFile);
        File.Delete(Path.Combine(State, "containerd", "containerd.pid"));
    }

    /// <summary>The process that supervises a container.</summary>
    public async Task<int> FindShimAsync(string container, CancellationToken cancellationToken)
    {
        var id = await Docker.RunAsync(cancellationToken, "inspect", "--format", "{{.Id}}", container);
        return (await _network.ProcessesAsync(cancellationToken)).Single(process =>
            HostProcesses.Arguments(process) is var line
            && line.Contains("containerd-shim", StringComparison.Ordinal)
            && line.Contains(id, StringComparison.Ordinal)
        );
    }

    /// <summary>Brings images of this machine's engine here, layers that they share only once.</summary>
    public async Task LoadAsync(IEnumerable<string> images, CancellationToken cancellationToken)
    {
        var archive = Path.Combine(_directory, "images.tar");
        await DockerHere.RunAsync(cancellationToken, ["save", "--output", archive, .. images]);
        await Docker.RunAsync(cancellationToken, "load", "--quiet", "--input", archive);
        File.Delete(archive);
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await CutPowerAsync(deadline.Token);
        foreach (
            var mount in (await File.ReadAllLinesAsync("/proc/self/mounts", deadline.Token))
                .Select(line => line.Split(' ')[1])
                .Where(path => path.StartsWith(_directory + "/", StringComparison.Ordinal))
                .Reverse()
        )
            await DockerHere.Runner.RunAsync(Command.Of("umount", "--lazy", mount), deadline.Token);
        Directory.Delete(_directory, recursive: true);
    }

    private void Note(string line)
    {
        lock (_log)
        {
            if (_log.Length > 100_000)
                _log.Remove(0, 50_000);
            _log.Append(line).Append('\n');
        }
    }

    private async Task ForgetAsync()
    {
        if (_running is not null)
            await _running.DisposeAsync();
        _running = null;
    }
}
