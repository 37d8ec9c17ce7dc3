using System.Collections.Immutable;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests.Parameters;

/// <summary>A build in a process of its own, with and without a terminal.</summary>
[Platform("Unix"), CancelAfter(30_000)]
public class TerminalTests
{
    private const string Script = "/usr/bin/script";
    private static readonly string TestProgram = typeof(TerminalTests).Assembly.Location;
    private static readonly ImmutableDictionary<string, string> NoBuildServer = ImmutableDictionary<string, string>
        .Empty.Add("CI", "")
        .Add("GITHUB_ACTIONS", "")
        .Add("TERM", "xterm");

    [Test]
    public async Task Without_a_terminal_nobody_is_asked(CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            Command.Of("dotnet", TestProgram, "Ask") with
            {
                StandardInput = "abc\nsecret\n",
            },
            cancellationToken
        );
        run.ExitCode.ShouldBe(2);
        run.StandardError.ShouldContain("target Ask requires --tag");
        run.StandardError.ShouldContain("target Ask requires --password");
    }

    [Test]
    public async Task A_secret_is_read_from_a_pipe(CancellationToken cancellationToken)
    {
        var run = await RunAsync(
            Command.Of("dotnet", TestProgram, "Ask", "--tag", "abc", "--password", "-") with
            {
                StandardInput = "s3cr3t\n",
            },
            cancellationToken
        );
        run.ExitCode.ShouldBe(0, run.StandardError);
        run.StandardOutput.ShouldContain("tag=abc letters=6.");
    }

    [Test]
    public async Task At_a_terminal_the_person_is_asked_and_a_secret_is_not_shown(CancellationToken cancellationToken)
    {
        if (!File.Exists(Script))
            Assert.Ignore($"{Script}, which makes a terminal, is not here");
        await using var build = new ProcessCommandRunner().Start(
            Command.Of(Script, "-qec", $"dotnet '{TestProgram}' Ask", "/dev/null") with
            {
                Environment = NoBuildServer,
            }
        );
        var seen = "";
        await ReadToAsync("--tag (Which release): ");
        await build.WriteLineAsync("abc", cancellationToken);
        await ReadToAsync("--password (Of the registry): ");
        // A person is not as fast as this program: the echo stops a moment after the question, which cannot be seen
        // from here.
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        await build.WriteLineAsync("s3cr3t", cancellationToken);
        await ReadToAsync("letters=6.");
        seen.ShouldContain("tag=abc");
        seen.ShouldNotContain("s3cr3t");
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);

        async Task ReadToAsync(string end)
        {
            var buffer = new byte[4096];
            while (!seen.Contains(end, StringComparison.Ordinal))
            {
                var count = await build.Output.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                    Assert.Fail($"it ended without {end}: {seen}");
                seen += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
            }
        }
    }

    private static Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        new ProcessCommandRunner().RunAsync(command with { Environment = NoBuildServer }, cancellationToken);
}
