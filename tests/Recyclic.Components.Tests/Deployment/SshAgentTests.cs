using Recyclic.Components.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>A deploy key from a secret, with OpenSSH's own agent.</summary>
[CancelAfter(60_000)]
public sealed class SshAgentTests
{
    private readonly ProcessCommandRunner _runner = new();
    private string _directory = "";

    [SetUp]
    public async Task PrepareAsync()
    {
        _directory = Directory.CreateTempSubdirectory("recyclic-ssh-test-").FullName;
        try
        {
            (await _runner.RunAsync(Command.Of("ssh-agent", "-h"), CancellationToken.None)).ShouldNotBeNull();
        }
        catch (CommandFailedException)
        {
            Assert.Ignore("there is no ssh-agent; Debian's package openssh-client has it");
        }
    }

    [TearDown]
    public void Clean() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task The_agent_has_every_key_while_it_lives_and_nothing_of_it_stays(
        CancellationToken cancellationToken
    )
    {
        var (one, two) = (await KeyAsync("one", "ed25519", ""), await KeyAsync("two", "ecdsa", ""));
        string socket;
        // As GitHub hands a secret on: without its last line end, and with Windows' line ends when it was pasted there.
        await using (
            var agent = await SshAgent.StartAsync(
                _runner,
                $"{one}\n{two.ReplaceLineEndings("\r\n")}".TrimEnd(),
                cancellationToken
            )
        )
        {
            socket = agent.Variables["SSH_AUTH_SOCK"];
            var listed = await _runner.RunAsync(
                Command.Of("ssh-add", "-l") with
                {
                    Environment = agent.Variables,
                },
                cancellationToken
            );
            listed.StandardOutput.ShouldContain("one (ED25519)");
            listed.StandardOutput.ShouldContain("two (ECDSA)");
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(Path.GetDirectoryName(socket)!)
                    .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        Directory.Exists(Path.GetDirectoryName(socket)).ShouldBeFalse();
        (
            await _runner.RunAsync(
                Command.Of("ssh-add", "-l") with
                {
                    Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(
                        "SSH_AUTH_SOCK",
                        socket
                    ),
                },
                cancellationToken
            )
        ).Succeeded.ShouldBeFalse();
    }

    [TestCase("not a key", "there is no private key in it")]
    [TestCase(
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----",
        "ssh does not take the key"
    )]
    public async Task What_is_no_key_is_refused_without_being_printed(string key, string words)
    {
        var exception = await Should.ThrowAsync<ConfigurationException>(() =>
            SshAgent.StartAsync(_runner, key, CancellationToken.None)
        );
        exception.Message.ShouldContain("DEPLOY_SSH_KEY: " + words);
        exception.Message.ShouldNotContain("b3Bl");
    }

    [Test]
    public async Task A_key_with_a_passphrase_is_refused_and_nobody_is_asked_for_it()
    {
        var key = await KeyAsync("locked", "ed25519", "a passphrase");
        (
            await Should.ThrowAsync<ConfigurationException>(() =>
                SshAgent.StartAsync(_runner, key, CancellationToken.None)
            )
        ).Message.ShouldContain("without a passphrase");
    }

    [Test]
    public void Known_hosts_get_the_lines_that_they_lack_once()
    {
        var directory = Path.Combine(_directory, ".ssh");
        var file = Path.Combine(directory, "known_hosts");
        KnownHosts.Add(directory, "a.example ssh-ed25519 AAAA\r\nb.example ssh-ed25519 BBBB\n");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, File.ReadAllText(file).TrimEnd());
        KnownHosts.Add(directory, "b.example ssh-ed25519 BBBB\n\nc.example ssh-ed25519 CCCC");
        File.ReadAllText(file)
            .ShouldBe("a.example ssh-ed25519 AAAA\nb.example ssh-ed25519 BBBB\nc.example ssh-ed25519 CCCC\n");
    }

    private async Task<string> KeyAsync(string name, string type, string passphrase)
    {
        var file = Path.Combine(_directory, name);
        (
            await _runner.RunAsync(
                Command.Of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", name, "-f", file),
                CancellationToken.None
            )
        ).EnsureSuccess();
        return await File.ReadAllTextAsync(file);
    }
}
