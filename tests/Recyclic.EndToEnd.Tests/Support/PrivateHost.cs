using System.Net.Sockets;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// A second host: a network namespace with a link, an engine of its own, and its own sshd in front of it. It has this machine's
/// files and programs, and nothing of it is left when it is disposed of.
/// </summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private readonly string _directory;
    private IRunningCommand? _sshd;

    private PrivateHost(string directory, PrivateNetwork network, PrivateEngine engine) => (_directory, Network, Engine) = (directory, network, engine);

    /// <summary>For files of a test; removed with the host.</summary>
    public string Directory => _directory;

    public PrivateNetwork Network { get; }

    public PrivateEngine Engine { get; }

    /// <summary>`DOCKER_HOST` for this host's engine.</summary>
    public string Url => $"ssh://root@{Network.Address}";

    /// <summary>What a command needs to reach this host's engine by ssh: the address, and an ssh that knows the key.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["DOCKER_HOST"] = Url,
        ["DOCKER_CONTEXT"] = "",
        ["PATH"] = $"{Path.Combine(_directory, "bin")}:{Environment.GetEnvironmentVariable("PATH")}",
    };

    /// <summary>The docker command line, by ssh.</summary>
    public DockerCommand Docker => new(Variables);

    public static async Task<PrivateHost> StartAsync(CancellationToken cancellationToken)
    {
        HostNeeds.OrIgnore();
        var directory = System.IO.Directory.CreateTempSubdirectory("recyclic-host-").FullName;
        PrivateNetwork? network = null;
        PrivateEngine? engine = null;
        try
        {
            network = await PrivateNetwork.CreateAsync(cancellationToken);
            engine = await PrivateEngine.StartAsync(network, Path.Combine(directory, "engine"), cancellationToken);
            var host = new PrivateHost(directory, network, engine);
            await host.WriteSshFilesAsync(cancellationToken);
            await host.StartSshAsync(cancellationToken);
            return host;
        }
        catch
        {
            if (engine is not null) await engine.DisposeAsync();
            if (network is not null) await network.DisposeAsync();
            System.IO.Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>Starts the door; returns when it opens.</summary>
    public async Task StartSshAsync(CancellationToken cancellationToken)
    {
        if (_sshd is not null) return;
        // sshd's own parent directory for unprivileged work; its package makes it at the start of a service that never runs here.
        System.IO.Directory.CreateDirectory("/run/sshd");
        _sshd = Support.Docker.Runner.Start(Network.Inside("sshd", "-D", "-e", "-f", In("sshd_config")) with { EndPatience = TimeSpan.Zero });
        await Eventually.TrueAsync(async () =>
        {
            if (_sshd.Ended.IsCompleted) throw new InvalidOperationException($"sshd has ended: {(await _sshd.Ended).StandardError}");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(Network.Address, 22, cancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }, StartDeadline, "sshd takes connections", cancellationToken);
    }

    /// <summary>Ends sshd and every session that it has: as a restart of the network's firewall would, each with a reset.</summary>
    public async Task StopSshAsync()
    {
        if (_sshd is null) return;
        await HostProcesses.KillAsync([.. (await Network.ProcessesAsync(CancellationToken.None)).Where(process => HostProcesses.Name(process) == "sshd")], CancellationToken.None);
        await _sshd.DisposeAsync();
        _sshd = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopSshAsync();
        await Engine.DisposeAsync();
        await Network.DisposeAsync();
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    private async Task WriteSshFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var key in new[] { "host_key", "user_key" })
            (await Support.Docker.Runner.RunAsync(Command.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key)), cancellationToken)).EnsureSuccess();
        File.Copy(In("user_key.pub"), In("authorized_keys"));
        var hostKey = (await File.ReadAllTextAsync(In("host_key.pub"), cancellationToken)).Split(' ');
        await File.WriteAllTextAsync(In("known_hosts"), $"{Network.Address} {hostKey[0]} {hostKey[1].Trim()}\n", cancellationToken);
        await File.WriteAllTextAsync(In("sshd_config"), $"""
            ListenAddress {Network.Address}
            HostKey {In("host_key")}
            PidFile {In("sshd.pid")}
            AuthorizedKeysFile {In("authorized_keys")}
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            UsePAM no
            StrictModes no
            MaxStartups 200
            SetEnv DOCKER_HOST=unix://{Engine.Socket}

            """, cancellationToken);
        await File.WriteAllTextAsync(In("ssh_config"), $"""
            IdentityFile {In("user_key")}
            IdentitiesOnly yes
            UserKnownHostsFile {In("known_hosts")}
            GlobalKnownHostsFile /dev/null
            BatchMode yes

            """, cancellationToken);
        // docker finds ssh on PATH and gives it no place for a key: this one knows it.
        System.IO.Directory.CreateDirectory(In("bin"));
        await File.WriteAllTextAsync(In("bin/ssh"), $"#!/bin/sh\nexec '{HostNeeds.Find("ssh")}' -F '{In("ssh_config")}' \"$@\"\n", cancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In("bin/ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string In(string file) => Path.Combine(_directory, file);
}
