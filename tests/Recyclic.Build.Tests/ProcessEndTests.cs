using System.Globalization;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>
/// A build as a process of its own, and what is left of it when it ends: signals, exits, crashes, floods.
/// </summary>
[Platform("Unix"), CancelAfter(60_000)]
public class ProcessEndTests
{
    private static readonly string TestProgram = typeof(ProcessEndTests).Assembly.Location;
    private readonly ProcessCommandRunner _runner = new();
    private DirectoryInfo _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    [Test]
    public async Task A_program_that_a_target_forgot_ends_with_the_build(CancellationToken cancellationToken)
    {
        await using var build = Start("", "ForgottenChild");
        var (_, children, lines) = await UntilChildrenAsync(build, cancellationToken);
        await RestAsync(lines);
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);
        foreach (var child in children)
            await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_program_with_a_window_waits_for_who_reads_it(CancellationToken cancellationToken)
    {
        const int all = 50_000_000;
        await using var running = _runner.Start(
            Command.Of("head", "-c", $"{all}", "/dev/zero") with
            {
                OutputWindow = 1 << 16,
            }
        );
        var buffer = new byte[1 << 16];
        long read = await running.Output.ReadAsync(buffer.AsMemory(0, 1), cancellationToken);
        // Far more is left than any pipe on the way holds.
        running.Ended.IsCompleted.ShouldBeFalse();
        while (await running.Output.ReadAsync(buffer, cancellationToken) is > 0 and var more)
            read += more;
        read.ShouldBe(all);
        (await running.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);
    }

    [TestCase("Exits", 1)]
    [TestCase("ExitsWith7", 7)]
    public async Task A_target_that_exits_the_process_is_no_success(
        string target,
        int exitCode,
        CancellationToken cancellationToken
    )
    {
        var ended = await RunAsync([target, "Clean"], cancellationToken);
        ended.ExitCode.ShouldBe(exitCode);
        ended.StandardOutput.ShouldContain("it ended the process with code");
        ended.StandardOutput.ShouldContain("Clean              NotRun");
        ended.StandardOutput.ShouldContain("Build failed on");
    }

    [Test]
    public async Task A_thread_that_throws_ends_the_build_without_telling_secrets(CancellationToken cancellationToken)
    {
        var ended = await RunAsync(["Crashes"], cancellationToken);
        ended.ExitCode.ShouldBe(1);
        (ended.StandardOutput + ended.StandardError).ShouldNotContain("hunter2");
        ended.StandardOutput.ShouldContain("a thread ended with System.InvalidOperationException: no login with ***");
        ended.StandardOutput.ShouldContain("Build failed on");
    }

    [Test]
    public async Task What_a_target_writes_to_the_console_is_redacted_and_in_its_place(
        CancellationToken cancellationToken
    )
    {
        var ended = await RunAsync(["Prints", "Clean"], cancellationToken);
        ended.ExitCode.ShouldBe(0);
        ended.StandardOutput.ShouldContain("password ***\n");
        ended.StandardError.ShouldContain("error ***\n");
        ended.StandardOutput.ShouldContain("no end\n\n");
        var json = await RunAsync(["Prints", "--json"], cancellationToken);
        json.StandardOutput.ShouldBe("");
        json.StandardError.ShouldContain("password ***\n");
    }

    [Test]
    public async Task A_target_that_writes_100_megabytes_takes_little_memory(CancellationToken cancellationToken)
    {
        var command = Bash(">/dev/null", "Floods");
        var ended = await _runner.RunAsync(command with { Timeout = TimeSpan.FromSeconds(50) }, cancellationToken);
        ended.ExitCode.ShouldBe(0);
        var peak = ended.StandardError.Split("peak ")[1].Split('\n')[0];
        int.Parse(peak, CultureInfo.InvariantCulture).ShouldBeLessThan(200);
    }

    private Command Bash(string after, params string[] arguments)
    {
        var command = Command.Of(
            "bash",
            ["-c", $"echo $$; exec dotnet \"$@\" {after}", "bash", TestProgram, .. arguments, "--root", _root.FullName]
        );
        return command with { Environment = command.Environment.Add("REGISTRY_PASSWORD", "hunter2-hunter2") };
    }

    private IRunningCommand Start(string after, params string[] arguments) => _runner.Start(Bash(after, arguments));

    private Task<CommandResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var command = Bash("", arguments);
        return _runner.RunAsync(
            command with
            {
                Arguments = command.Arguments.SetItem(1, "exec dotnet \"$@\""),
            },
            cancellationToken
        );
    }

    private static async Task<(string Id, string[] Children, IAsyncEnumerator<string> Lines)> UntilChildrenAsync(
        IRunningCommand build,
        CancellationToken cancellationToken
    )
    {
        var lines = build.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await lines.MoveNextAsync();
        var id = lines.Current;
        while (await lines.MoveNextAsync())
            if (lines.Current.Contains("child "))
                return (id, lines.Current.Split("child ")[1].Split(' '), lines);
        throw new InvalidOperationException("the build ended without starting its program");
    }

    private static async Task<string> RestAsync(IAsyncEnumerator<string> lines)
    {
        var text = new StringWriter();
        while (await lines.MoveNextAsync())
            text.WriteLine(lines.Current);
        return text.ToString();
    }

    private async Task SignalAsync(string signal, string id, CancellationToken cancellationToken) =>
        (await _runner.RunAsync(Command.Of("kill", $"-{signal}", id), cancellationToken)).EnsureSuccess();

    /// <summary>After a kill the guard takes an instant.</summary>
    private async Task ShouldEndAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = (
                await _runner.RunAsync(Command.Of("ps", "-o", "stat=", "-p", id), cancellationToken)
            ).StandardOutput.Trim();
            if (state.Length == 0 || state[0] == 'Z')
                return;
            await Task.Delay(20, cancellationToken);
        }
    }
}
