using System.Globalization;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>A build as a process of its own, and what is left of it when it ends: signals, exits, crashes, floods.</summary>
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

    [TestCase("INT", "Child", 130)]
    [TestCase("TERM", "Child", 143)]
    [TestCase("KILL", "Child", 137)]
    [TestCase("KILL", "StubbornChild", 137)]
    public async Task A_signal_to_the_build_alone_leaves_no_program_behind(string signal, string target, int exitCode, CancellationToken cancellationToken)
    {
        await using var build = Start("", target);
        var (id, children, lines) = await UntilChildrenAsync(build, cancellationToken);
        await SignalAsync(signal, id, cancellationToken);
        var rest = await RestAsync(lines);
        var ended = await build.Ended.WaitAsync(cancellationToken);
        if (signal != "KILL")
        {
            ended.ExitCode.ShouldBe(exitCode);
            rest.ShouldContain("Child              Aborted");
            rest.ShouldContain("Build cancelled on");
        }
        foreach (var child in children) await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_second_signal_leaves_no_program_behind(CancellationToken cancellationToken)
    {
        await using var build = Start("", "StubbornChild");
        var (id, children, lines) = await UntilChildrenAsync(build, cancellationToken);
        // Two of a kind that come before the first is seen are one.
        await SignalAsync("TERM", id, cancellationToken);
        await SignalAsync("INT", id, cancellationToken);
        await RestAsync(lines);
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBeOneOf(143, 130);
        foreach (var child in children) await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_program_that_a_target_forgot_ends_with_the_build(CancellationToken cancellationToken)
    {
        await using var build = Start("", "ForgottenChild");
        var (_, children, lines) = await UntilChildrenAsync(build, cancellationToken);
        await RestAsync(lines);
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);
        foreach (var child in children) await ShouldEndAsync(child, cancellationToken);
    }

    [Test]
    public async Task A_target_that_blocks_for_ever_is_left_behind_after_a_signal(CancellationToken cancellationToken)
    {
        await using var build = Start("", "Hang", "Clean", "--cancel-timeout", "0.2");
        var lines = build.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await lines.MoveNextAsync();
        var id = lines.Current;
        while (await lines.MoveNextAsync() && !lines.Current.EndsWith("ready", StringComparison.Ordinal))
        {
        }
        await SignalAsync("TERM", id, cancellationToken);
        var rest = await RestAsync(lines);
        (await build.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(143);
        rest.ShouldContain("left behind: it ignored its cancellation for 0.2 s");
        rest.ShouldContain("cleaned");
    }

    [TestCase("Exits", 1)]
    [TestCase("ExitsWith7", 7)]
    public async Task A_target_that_exits_the_process_is_no_success(string target, int exitCode, CancellationToken cancellationToken)
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
    public async Task What_a_target_writes_to_the_console_is_redacted_and_in_its_place(CancellationToken cancellationToken)
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
        var command = Command.Of("bash", ["-c", $"echo $$; exec dotnet \"$@\" {after}", "bash", TestProgram, .. arguments, "--root", _root.FullName]);
        return command with { Environment = command.Environment.Add("REGISTRY_PASSWORD", "hunter2-hunter2") };
    }

    private IRunningCommand Start(string after, params string[] arguments) => _runner.Start(Bash(after, arguments));

    private Task<CommandResult> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var command = Bash("", arguments);
        return _runner.RunAsync(command with { Arguments = command.Arguments.SetItem(1, "exec dotnet \"$@\"") }, cancellationToken);
    }

    private static async Task<(string Id, string[] Children, IAsyncEnumerator<string> Lines)> UntilChildrenAsync(IRunningCommand build, CancellationToken cancellationToken)
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
        while (await lines.MoveNextAsync()) text.WriteLine(lines.Current);
        return text.ToString();
    }

    private async Task SignalAsync(string signal, string id, CancellationToken cancellationToken) =>
        (await _runner.RunAsync(Command.Of("kill", $"-{signal}", id), cancellationToken)).EnsureSuccess();

    /// <summary>After a kill the guard takes an instant.</summary>
    private async Task ShouldEndAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = (await _runner.RunAsync(Command.Of("ps", "-o", "stat=", "-p", id), cancellationToken)).StandardOutput.Trim();
            if (state.Length == 0 || state[0] == 'Z') return;
            await Task.Delay(20, cancellationToken);
        }
    }
}
