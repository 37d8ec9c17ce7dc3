using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

[Platform("Unix"), CancelAfter(30_000)]
public class CommandRunnerTests
{
    private readonly ProcessCommandRunner _runner = new();

    [TestCase("plain")]
    [TestCase("")]
    [TestCase("two words")]
    [TestCase("\"double\" and 'single'")]
    [TestCase("back\\slash\\")]
    [TestCase("ends with \\\"")]
    [TestCase("line\nbreak")]
    [TestCase("$HOME `id` $(id) ; & | > * ?")]
    [TestCase("-n")]
    [TestCase("äöü€")]
    public async Task An_argument_arrives_as_it_is(string argument, CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(Command.Of("printf", "[%s]", argument), cancellationToken);
        result.StandardOutput.TrimEnd('\n').ShouldBe($"[{argument}]");
    }

    [Test]
    public async Task Standard_input_and_environment_arrive(CancellationToken cancellationToken)
    {
        var command = Command.Of("bash", "-c", "cat; echo $SHADE") with { StandardInput = "in\nput\n" };
        var result = await _runner.RunAsync(command with { Environment = command.Environment.Add("SHADE", "blue green") }, cancellationToken);
        result.StandardOutput.ShouldBe("in\nput\nblue green\n");
    }

    [Test]
    public async Task A_large_input_that_is_not_read_does_no_harm(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(Command.Of("true") with { StandardInput = new string('x', 1 << 20) }, cancellationToken);
        result.ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_large_input_that_is_echoed_does_not_block(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(Command.Of("cat") with { StandardInput = new string('x', 1 << 20) }, cancellationToken);
        result.StandardOutput.Length.ShouldBe((1 << 20) + 1);
    }

    [Test]
    public async Task A_program_that_keeps_its_input_unread_is_still_killed_in_time(CancellationToken cancellationToken)
    {
        var command = Command.Of("sleep", "600") with { StandardInput = new string('x', 1 << 20), Timeout = TimeSpan.FromMilliseconds(300) };
        await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(command, cancellationToken));
    }

    [Test]
    public async Task A_non_zero_exit_is_a_result(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(Command.Of("bash", "-c", "echo why >&2; exit 7"), cancellationToken);
        result.ExitCode.ShouldBe(7);
        Should.Throw<CommandFailedException>(() => result.EnsureSuccess()).Message.ShouldEndWith("exited with code 7\n    why");
    }

    [Test]
    public async Task A_missing_program_is_named(CancellationToken cancellationToken)
    {
        var exception = await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(Command.Of("no-such-program", "x"), cancellationToken));
        exception.Message.ShouldContain("could not be started");
        exception.Message.ShouldContain("no-such-program");
    }

    [Test]
    public async Task A_missing_working_directory_is_named(CancellationToken cancellationToken)
    {
        var command = Command.Of("true") with { WorkingDirectory = "/no/such/directory" };
        var exception = await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(command, cancellationToken));
        exception.Message.ShouldContain("/no/such/directory");
    }

    [Test]
    public async Task A_timeout_kills_the_whole_tree(CancellationToken cancellationToken)
    {
        var child = new TaskCompletionSource<string>();
        var command = Tree(child) with { Timeout = TimeSpan.FromSeconds(1) };
        var exception = await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(command, cancellationToken));
        exception.Message.ShouldContain("was killed after its timeout of 1 s");
        await ShouldHaveEndedAsync(await child.Task, cancellationToken);
    }

    [Test]
    public async Task A_cancellation_kills_the_whole_tree(CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var child = new TaskCompletionSource<string>();
        var running = _runner.RunAsync(Tree(child), cancellation.Token);
        var id = await child.Task.WaitAsync(cancellationToken);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await ShouldHaveEndedAsync(id, cancellationToken);
    }

    [Test]
    public async Task A_background_process_that_outlives_the_program_does_not_hold_the_result_beyond_the_timeout(CancellationToken cancellationToken)
    {
        var child = new TaskCompletionSource<string>();
        var command = Command.Of("bash", "-c", "sleep 600 & echo $!") with { OnLine = line => child.TrySetResult(line), Timeout = TimeSpan.FromSeconds(1) };
        await ((Task)_runner.RunAsync(command, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ShouldHaveEndedAsync(await child.Task, cancellationToken);
    }

    [Test]
    public async Task A_line_is_seen_while_the_program_runs(CancellationToken cancellationToken)
    {
        var child = new TaskCompletionSource<string>();
        var running = _runner.RunAsync(Command.Of("bash", "-c", "echo first; read -r -t 600 <> <(:)") with { OnLine = line => child.TrySetResult(line), Timeout = TimeSpan.FromSeconds(5) }, cancellationToken);
        (await child.Task.WaitAsync(cancellationToken)).ShouldBe("first");
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task A_running_command_answers_and_ends_when_it_is_disposed(CancellationToken cancellationToken)
    {
        var cat = _runner.Start(Command.Of("cat"));
        await cat.WriteLineAsync("hello", cancellationToken);
        await foreach (var line in cat.ReadLinesAsync(cancellationToken))
        {
            line.ShouldBe("hello");
            break;
        }
        await cat.DisposeAsync();
        cat.Ended.IsCompleted.ShouldBeTrue();
        (await cat.Ended).ExitCode.ShouldBe(0);
    }

    private static Command Tree(TaskCompletionSource<string> child) =>
        Command.Of("bash", "-c", "sleep 600 & echo $!; wait") with { OnLine = line => child.TrySetResult(line) };

    private async Task ShouldHaveEndedAsync(string processId, CancellationToken cancellationToken)
    {
        var state = await _runner.RunAsync(Command.Of("ps", "-o", "stat=", "-p", processId), cancellationToken);
        state.StandardOutput.Trim().ShouldBeOneOf("", "Z", "Zs");
    }
}
