using Recyclic.Build.Testing;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>What holds for real processes and for those that a test plays.</summary>
[CancelAfter(30_000)]
public abstract class CommandRunnerContract
{
    /// <summary>Knows <c>two-lines</c>, <c>fails</c>, <c>hangs</c>, <c>echoes</c>; nothing else.</summary>
    protected abstract ICommandRunner Runner { get; }

    protected abstract Command Named(string name);

    [Test]
    public async Task Lines_are_in_the_result_and_reach_the_callback(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var result = await Runner.RunAsync(Named("two-lines") with { OnLine = lines.Add }, cancellationToken);
        result.ExitCode.ShouldBe(0);
        result.StandardOutput.ShouldBe("one\ntwo\n");
        result.IsCut.ShouldBeFalse();
        lines.ShouldBe(["one", "two"]);
    }

    [Test]
    public async Task Of_a_long_output_the_end_is_kept(CancellationToken cancellationToken)
    {
        var result = await Runner.RunAsync(Named("two-lines") with { OutputLimit = 4 }, cancellationToken);
        result.StandardOutput.ShouldBe("two\n");
        result.IsCut.ShouldBeTrue();
    }

    [Test]
    public async Task A_non_zero_exit_is_a_result_with_the_last_lines(CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        var result = await Runner.RunAsync(
            Named("fails") with
            {
                OnErrorLine = errors.Add,
                Secrets = ["because"],
            },
            cancellationToken
        );
        result.ExitCode.ShouldBe(7);
        errors.ShouldBe(["because of this"]);
        Should
            .Throw<CommandFailedException>(() => result.EnsureSuccess())
            .Message.ShouldEndWith("exited with code 7\n    *** of this");
    }

    [Test]
    public async Task A_missing_program_is_named(CancellationToken cancellationToken)
    {
        var exception = await Should.ThrowAsync<CommandFailedException>(() =>
            Runner.RunAsync(Command.Of("no-such-program", "x"), cancellationToken)
        );
        exception.Message.ShouldStartWith("`no-such-program x` could not be started");
        Should.Throw<CommandFailedException>(() => Runner.Start(Command.Of("no-such-program")));
    }

    [Test]
    public async Task A_timeout_is_a_failure_with_the_lines_so_far(CancellationToken cancellationToken)
    {
        var command = Named("hangs") with { Timeout = TimeSpan.FromMilliseconds(500) };
        var exception = await Should.ThrowAsync<CommandFailedException>(() =>
            Runner.RunAsync(command, cancellationToken)
        );
        exception.Message.ShouldContain("was stopped after its timeout of 0.5 s");
        exception.Message.ShouldEndWith("\n    ready");
    }

    [Test]
    public async Task A_cancellation_ends_it(CancellationToken cancellationToken)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = new TaskCompletionSource<string>();
        var running = Runner.RunAsync(
            Named("hangs") with
            {
                OnLine = line => ready.TrySetResult(line),
            },
            cancellation.Token
        );
        (await ready.Task.WaitAsync(cancellationToken)).ShouldBe("ready");
        running.IsCompleted.ShouldBeFalse();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Runner.RunAsync(Named("two-lines"), cancellation.Token)
        );
    }

    [Test]
    public async Task Standard_input_arrives(CancellationToken cancellationToken)
    {
        var result = await Runner.RunAsync(Named("echoes") with { StandardInput = "in\nput\n" }, cancellationToken);
        result.StandardOutput.ShouldBe("in\nput\n");
    }

    [Test]
    public async Task A_running_command_answers_and_ends_when_it_is_disposed(CancellationToken cancellationToken)
    {
        var running = Runner.Start(Named("echoes"));
        await running.WriteLineAsync("hello", cancellationToken);
        await foreach (var line in running.ReadLinesAsync(cancellationToken))
        {
            line.ShouldBe("hello");
            break;
        }
        running.Ended.IsCompleted.ShouldBeFalse();
        await running.DisposeAsync();
        (await running.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task Who_reads_on_when_the_command_was_disposed_of_is_told_the_end(CancellationToken cancellationToken)
    {
        var running = Runner.Start(Named("hangs") with { EndPatience = TimeSpan.FromMilliseconds(50) });
        await using var lines = running.ReadLinesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        (await lines.MoveNextAsync()).ShouldBeTrue();
        await running.DisposeAsync();
        (await lines.MoveNextAsync()).ShouldBeFalse();
    }

    [TestCase("two-lines"), TestCase("hangs")]
    public async Task A_running_command_may_be_disposed_of_twice(string name)
    {
        var running = Runner.Start(Named(name) with { EndPatience = TimeSpan.FromMilliseconds(50) });
        await running.DisposeAsync();
        await running.DisposeAsync();
    }

    [Test]
    public async Task A_running_command_that_does_not_end_is_killed_when_it_is_disposed(
        CancellationToken cancellationToken
    )
    {
        var running = Runner.Start(Named("hangs") with { EndPatience = TimeSpan.FromMilliseconds(50) });
        await running.DisposeAsync();
        (await running.Ended.WaitAsync(cancellationToken)).Succeeded.ShouldBeFalse();
    }
}

[Platform("Unix")]
public class RealCommandRunnerTests : CommandRunnerContract
{
    protected override ICommandRunner Runner { get; } = new ProcessCommandRunner();

    protected override Command Named(string name) =>
        Command.Of(
            "bash",
            "-c",
            name switch
            {
                "two-lines" => "echo one; echo two",
                "fails" => "echo because of this >&2; exit 7",
                "hangs" => "echo ready; exec sleep 600",
                _ => "exec cat",
            }
        );
}

public class FakeCommandRunnerTests : CommandRunnerContract
{
    private readonly FakeCommandRunner _runner = new();

    public FakeCommandRunnerTests()
    {
        _runner.On("two-lines").Returns("one", "two");
        _runner.On("fails").Fails(7, "because of this");
        _runner.On("hangs").Hangs("ready");
        _runner.On("echoes").Replies(line => [line]);
    }

    protected override ICommandRunner Runner => _runner;

    protected override Command Named(string name) => Command.Of(name);

    [Test]
    public async Task The_script_added_last_wins_and_arguments_narrow_it(CancellationToken cancellationToken)
    {
        var runner = new FakeCommandRunner();
        runner.OnAny().Returns("any");
        runner.On("docker").Returns("docker");
        runner.On("docker", "image", "ls").Answers(command => new(command, 0, $"{command.Arguments.Length}\n", ""));
        runner.On("docker", "login").TimesOut();
        (await runner.RunAsync(Command.Of("git"), cancellationToken)).StandardOutput.ShouldBe("any\n");
        (await runner.RunAsync(Command.Of("docker", "image"), cancellationToken)).StandardOutput.ShouldBe("docker\n");
        (await runner.RunAsync(Command.Of("docker", "image", "ls", "-q"), cancellationToken)).StandardOutput.ShouldBe(
            "3\n"
        );
        await Should.ThrowAsync<CommandFailedException>(() =>
            runner.RunAsync(Command.Of("docker", "login"), cancellationToken)
        );
        runner
            .Ran.Select(command => command.ToString())
            .ShouldBe(["git", "docker image", "docker image ls -q", "docker login"]);
    }
}
