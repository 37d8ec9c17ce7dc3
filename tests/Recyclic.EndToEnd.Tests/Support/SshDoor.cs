using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// An sshd of a test's own in front of an engine, with a key of its own and sshd's own limits, and an ssh that knows
/// it.
/// </summary>
internal sealed class SshDoor : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private readonly string _directory;
    private readonly string _address;
    private readonly int _port;
    private readonly Func<string, string[], Command> _command;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<IRunningCommand> _former = [];
    private readonly List<int> _left = [];
    private IRunningCommand? _sshd;

    private SshDoor(string directory, string address, int port, Func<string, string[], Command> command) =>
        (_directory, _address, _port, _command) = (directory, address, port, command);

    /// <summary>`DOCKER_HOST` for the engine behind it.</summary>
    public string Url => $"ssh://root@{_address}" + (_port == 22 ? "" : $":{_port}");

    /// <summary>What a command needs to go through it: the address, and an ssh that knows the key.</summary>
    public Dictionary<string, string> Variables =>
        new()
        {
            ["DOCKER_HOST"] = Url,
            ["DOCKER_CONTEXT"] = "",
            ["PATH"] = $"{In("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
        };

    /// <summary>How many connections have been made.</summary>
    public int Connections => _log.Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal));

    /// <summary>The far side's processes of the connections that there are.</summary>
    public int[] Sessions =>
        HostProcesses.Read(In("sshd.pid"), "sshd") is { } sshd ? [.. HostProcesses.Descendants(sshd)] : [];

    /// <summary>What sshd has said.</summary>
    public string Log => string.Join('\n', _log);

    /// <param name="directory">For its files; it stays with whoever made it.</param>
    /// <param name="command">Makes a program's command where it is to listen.</param>
    /// <param name="socket">Of the engine behind it.</param>
    /// <param name="options">More lines of its configuration.</param>
    public static async Task<SshDoor> OpenAsync(
        string directory,
        string address,
        int port,
        Func<string, string[], Command> command,
        string socket,
        CancellationToken cancellationToken,
        params string[] options
    )
    {
        var door = new SshDoor(directory, address, port, command);
        await door.WriteFilesAsync(socket, options, cancellationToken);
        await door.StartAsync(cancellationToken);
        return door;
    }

    /// <summary>In front of this machine's own engine.</summary>
    public static Task<SshDoor> OpenLocalAsync(
        string directory,
        CancellationToken cancellationToken,
        params string[] options
    ) =>
        OpenAsync(
            directory,
            "127.0.0.1",
            FreePort(),
            (program, arguments) => Command.Of(HostNeeds.Find(program), arguments),
            "/var/run/docker.sock",
            cancellationToken,
            options
        );

    /// <summary>Opens it; returns when it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_sshd is not null)
            return;
        // sshd's own parent directory for unprivileged work; its package makes it at the start of a service that never
        // runs here.
        Directory.CreateDirectory("/run/sshd");
        _sshd = DockerHere.Runner.Start(
            _command("sshd", ["-D", "-e", "-f", In("sshd_config")]) with
            {
                EndPatience = TimeSpan.Zero,
                OnErrorLine = _log.Enqueue,
            }
        );
        await Eventually.TrueAsync(
            async () =>
            {
                if (_sshd.Ended.IsCompleted)
                    throw new InvalidOperationException($"sshd has ended: {(await _sshd.Ended).StandardError}");
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync(_address, _port, cancellationToken);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            StartDeadline,
            "sshd takes connections",
            cancellationToken
        );
    }

    /// <summary>
    /// Ends sshd and every session that it has: as a restart of the network's firewall would, each with a reset.
    /// </summary>
    public async Task StopAsync()
    {
        if (_sshd is null)
            return;
        if (HostProcesses.Read(In("sshd.pid"), "sshd") is { } sshd)
            await HostProcesses.KillAsync(
                [sshd, .. HostProcesses.Descendants(sshd).Where(process => HostProcesses.Name(process) == "sshd")],
                CancellationToken.None
            );
        await _sshd.DisposeAsync();
        _sshd = null;
    }

    /// <summary>
    /// As a service manager restarts it: the process that listens ends and another begins, sessions go on.
    /// </summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (_sshd is null || HostProcesses.Read(In("sshd.pid"), "sshd") is not { } sshd)
            throw new InvalidOperationException("sshd does not run");
        _left.AddRange(HostProcesses.Descendants(sshd).Where(process => HostProcesses.Name(process) == "sshd"));
        await HostProcesses.KillAsync([sshd], cancellationToken);
        // Not disposed of yet: that would end what it has started.
        _former.Add(_sshd);
        _sshd = null;
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var session in _left.Where(process => HostProcesses.Name(process) == "sshd"))
            await HostProcesses.SignalAsync("KILL", session);
        foreach (var former in _former)
            await former.DisposeAsync();
    }

    private async Task WriteFilesAsync(string socket, string[] options, CancellationToken cancellationToken)
    {
        foreach (var key in new[] { "host_key", "user_key" })
            (
                await DockerHere.Runner.RunAsync(
                    Command.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key)),
                    cancellationToken
                )
            ).EnsureSuccess();
        File.Copy(In("user_key.pub"), In("authorized_keys"));
        var hostKey = (await File.ReadAllTextAsync(In("host_key.pub"), cancellationToken)).Split(' ');
        await File.WriteAllTextAsync(
            In("known_hosts"),
            $"{(_port == 22 ? _address : $"[{_address}]:{_port}")} {hostKey[0]} {hostKey[1].Trim()}\n",
            cancellationToken
        );
        await File.WriteAllTextAsync(
            In("sshd_config"),
            $"""
            ListenAddress {_address}:{_port.ToString(CultureInfo.InvariantCulture)}
            HostKey {In("host_key")}
            PidFile {In("sshd.pid")}
            AuthorizedKeysFile {In("authorized_keys")}
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            UsePAM no
            StrictModes no
            # A shell that is not the first one reads no start-up file of this machine's account.
            SetEnv DOCKER_HOST=unix://{socket} SHLVL=1
            {string.Join('\n', options)}

            """,
            cancellationToken
        );
        await File.WriteAllTextAsync(
            In("ssh_config"),
            $"""
            IdentityFile {In("user_key")}
            IdentitiesOnly yes
            UserKnownHostsFile {In("known_hosts")}
            GlobalKnownHostsFile /dev/null
            BatchMode yes

            """,
            cancellationToken
        );
        // docker finds ssh on PATH and gives it no place for a key: this one knows it.
        Directory.CreateDirectory(In("bin"));
        await File.WriteAllTextAsync(
            In("bin/ssh"),
            $"#!/bin/sh\nexec '{HostNeeds.Find("ssh")}' -F '{In("ssh_config")}' \"$@\"\n",
            cancellationToken
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                In("bin/ssh"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    private string In(string file) => Path.Combine(_directory, file);

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
