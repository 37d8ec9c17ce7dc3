using Recyclic.Processes;

namespace Recyclic.EndToEnd.Support;

/// <summary>A key that can only approve, behind a test's own sshd, and an ssh that has no other key.</summary>
/// <param name="directory">Of the <see cref="SshDoor"/>, which finds its `authorized_keys` there.</param>
internal sealed class ApprovalEntrance(string directory, SshDoor door)
{
    private string In(string file) => Path.Combine(directory, file);

    public string PublicKeyFile => In("approve.pub");

    /// <summary>The private key's text, as a secret of a job has it.</summary>
    public string Key => File.ReadAllText(In("approve"));

    /// <summary>What makes the build use this ssh; the key comes from its agent, or from nowhere.</summary>
    public Dictionary<string, string> Variables =>
        new() { ["PATH"] = $"{In("approve-bin")}:{Environment.GetEnvironmentVariable("PATH")}" };

    /// <summary>Makes the key, and the ssh.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        (
            await DockerHere.Runner.RunAsync(
                Command.Of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "approve", "-f", In("approve")),
                cancellationToken
            )
        ).EnsureSuccess();
        await File.WriteAllTextAsync(
            In("approve_config"),
            $"""
            UserKnownHostsFile {In("known_hosts")}
            GlobalKnownHostsFile /dev/null
            IdentityFile {In("no_key")}
            BatchMode yes

            """,
            cancellationToken
        );
        Directory.CreateDirectory(In("approve-bin"));
        await File.WriteAllTextAsync(
            In("approve-bin/ssh"),
            $"#!/bin/sh\nexec '{HostNeeds.Find("ssh")}' -F '{In("approve_config")}' \"$@\"\n",
            cancellationToken
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                In("approve-bin/ssh"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    /// <summary>Adds a line to the `authorized_keys` of the door.</summary>
    public Task LetInAsync(string line, CancellationToken cancellationToken) =>
        File.AppendAllTextAsync(In("authorized_keys"), line + "\n", cancellationToken);

    /// <summary>The line that `ApprovalKey` has printed.</summary>
    public static string LineOf(ToolResult printed) =>
        printed.Output.Split('\n').Single(line => line.StartsWith("restrict,", StringComparison.Ordinal)).TrimEnd();

    /// <summary>ssh with this key and no other. Its arguments end with the host and what is asked of it.</summary>
    public Command Ssh(string[] options, params string[] asked)
    {
        var host = new Uri(door.Url);
        return Command.Of(
            HostNeeds.Find("ssh"),
            [
                "-F",
                In("approve_config"),
                "-i",
                In("approve"),
                "-o",
                "IdentitiesOnly=yes",
                "-p",
                $"{(host.Port > 0 ? host.Port : 22)}",
                .. options,
                $"root@{host.Host}",
                .. asked,
            ]
        ) with
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    /// <summary>A program that copies files by ssh, with this key.</summary>
    public Command Copy(string program, string[] options, params string[] paths)
    {
        var host = new Uri(door.Url);
        return Command.Of(
            HostNeeds.Find(program),
            [
                "-F",
                In("approve_config"),
                "-i",
                In("approve"),
                "-o",
                "IdentitiesOnly=yes",
                "-P",
                $"{host.Port}",
                .. options,
                .. paths.Select(path => path.Replace("HOST", $"root@{host.Host}", StringComparison.Ordinal)),
            ]
        ) with
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
    }
}
