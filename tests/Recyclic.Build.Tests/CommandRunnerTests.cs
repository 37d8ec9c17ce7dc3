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
        var result = await _runner.RunAsync(
            command with
            {
                Environment = command.Environment.Add("SHADE", "blue green"),
            },
            cancellationToken
        );
        result.StandardOutput.ShouldBe("in\nput\nblue green\n");
    }

    [Test]
    public async Task A_variable_that_is_withheld_is_not_there_unless_the_command_gives_it(
        CancellationToken cancellationToken
    )
    {
        Environment.SetEnvironmentVariable("RECYCLIC_WITHHELD", "inherited");
        var command = Command.Of("printenv", "RECYCLIC_WITHHELD");
        (await _runner.RunAsync(command, cancellationToken)).StandardOutput.ShouldBe("inherited\n");
        (
            await _runner.RunAsync(command with { Withheld = ["RECYCLIC_WITHHELD"] }, cancellationToken)
        ).ExitCode.ShouldBe(1);
        var named = command with
        {
            Withheld = ["RECYCLIC_WITHHELD"],
            Environment = command.Environment.Add("RECYCLIC_WITHHELD", "given"),
        };
        (await _runner.RunAsync(named, cancellationToken)).StandardOutput.ShouldBe("given\n");
        Environment.SetEnvironmentVariable("RECYCLIC_WITHHELD", null);
    }

    [Test]
    public async Task A_large_input_that_is_not_read_does_no_harm(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(
            Command.Of("true") with
            {
                StandardInput = new string('x', 1 << 20),
            },
            cancellationToken
        );
        result.ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_large_input_that_is_echoed_does_not_block(CancellationToken cancellationToken)
    {
        var result = await _runner.RunAsync(
            Command.Of("cat") with
            {
                StandardInput = new string('x', 1 << 20),
            },
            cancellationToken
        );
        result.StandardOutput.Length.ShouldBe((1 << 20) + 1);
    }

    [Test]
    public async Task A_program_that_keeps_its_input_unread_is_still_killed_in_time(CancellationToken cancellationToken)
    {
        var command = Command.Of("sleep", "600") with
        {
            StandardInput = new string('x', 1 << 20),
            Timeout = TimeSpan.FromMilliseconds(300),
        };
        await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(command, cancellationToken));
    }

    [Test]
    public async Task A_missing_working_directory_is_named(CancellationToken cancellationToken)
    {
        var command = Command.Of("true") with { WorkingDirectory = "/no/such/directory" };
        var exception = await Should.ThrowAsync<CommandFailedException>(() =>
            _runner.RunAsync(command, cancellationToken)
        );
        exception.Message.ShouldContain("/no/such/directory");
    }

    [Test]
    public async Task A_timeout_kills_the_whole_tree(CancellationToken cancellationToken)
    {
        var child = new TaskCompletionSource<string>();
        var command = Tree(child) with { Timeout = TimeSpan.FromSeconds(1) };
        var exception = await Should.ThrowAsync<CommandFailedException>(() =>
            _runner.RunAsync(command, cancellationToken)
        );
        exception.Message.ShouldContain("was stopped after its timeout of 1 s");
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
    public async Task A_program_is_asked_to_end_before_it_is_killed(CancellationToken cancellationToken)
    {
        var exception = await StoppedAsync(
            "trap 'echo tidied >&2; exit 0' TERM; while :; do sleep 0.02; done",
            TimeSpan.FromSeconds(20),
            cancellationToken
        );
        exception.Message.ShouldContain("was stopped after its timeout of 1 s\n");
        exception.Message.ShouldEndWith("\n    tidied");
    }

    [Test]
    public async Task A_program_that_ignores_the_request_is_killed(CancellationToken cancellationToken)
    {
        var exception = await StoppedAsync(
            "trap '' TERM; echo $$; while :; do sleep 0.02; done",
            TimeSpan.FromMilliseconds(200),
            cancellationToken
        );
        await ShouldHaveEndedAsync(exception.Message.Split('\n')[^1].Trim(), cancellationToken);
    }

    [Test]
    public async Task A_failure_shows_no_secret(CancellationToken cancellationToken)
    {
        var command = Command.Of("bash", "-c", "echo using $0 >&2; exit 3", "s3cr3t") with { Secrets = ["s3cr3t"] };
        command.ToString().ShouldBe("bash -c 'echo using $0 >&2; exit 3' ***");
        var result = await _runner.RunAsync(command, cancellationToken);
        result.StandardError.ShouldBe("using s3cr3t\n");
        Should
            .Throw<CommandFailedException>(() => result.EnsureSuccess())
            .Message.ShouldBe($"`{command}` exited with code 3\n    using ***");
    }

    [Test]
    public async Task Both_streams_may_have_a_callback_of_their_own(CancellationToken cancellationToken)
    {
        var (output, error) = (new List<string>(), new List<string>());
        await _runner.RunAsync(
            Command.Of("bash", "-c", "printf 'a\r\nb\rc\n\nd'; echo e >&2") with
            {
                OnLine = output.Add,
                OnErrorLine = error.Add,
            },
            cancellationToken
        );
        output.ShouldBe(["a", "b", "c", "", "d"]);
        error.ShouldBe(["e"]);
    }

    [Test]
    public async Task A_callback_that_throws_ends_the_command_with_its_exception_and_holds_nothing_up(
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("bash", "-c", "seq 100000") with
        {
            OnLine = _ => throw new NotSupportedException("no lines"),
        };
        (
            await Should.ThrowAsync<NotSupportedException>(() => _runner.RunAsync(command, cancellationToken))
        ).Message.ShouldBe("no lines");
    }

    [TestCase("seq 1 14000000", Description = "many lines")]
    [TestCase("head -c 100000000 /dev/zero | tr '\\0' x", Description = "one line")]
    [CancelAfter(60_000)]
    public async Task A_hundred_megabytes_of_output_take_little_memory(
        string script,
        CancellationToken cancellationToken
    )
    {
        var (before, most, lines) = (GC.GetTotalMemory(forceFullCollection: true), 0L, 0);
        // What is held: how much garbage there is besides depends on the processor's cache.
        void Measure(string line) =>
            most =
                ++lines % 1_000_000 == 1 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before) : most;
        var result = await _runner.RunAsync(
            Command.Of("bash", "-c", script) with
            {
                OnLine = Measure,
                OutputLimit = 1 << 20,
            },
            cancellationToken
        );
        result.IsCut.ShouldBeTrue();
        result.StandardOutput.Length.ShouldBe(1 << 20);
        lines.ShouldBeGreaterThan(0);
        most.ShouldBeLessThan(64 << 20);
    }

    [Test]
    public async Task What_is_kept_of_a_long_output_is_its_end(CancellationToken cancellationToken)
    {
        var all = string.Concat(Enumerable.Range(1, 20_000).Select(number => $"{number}\n"));
        foreach (
            var limit in new[] { 1, 10, 255, 256, 257, 20_000, 70_000, all.Length - 1, all.Length, all.Length + 1 }
        )
        {
            var result = await _runner.RunAsync(
                Command.Of("seq", "20000") with
                {
                    OutputLimit = limit,
                },
                cancellationToken
            );
            result.StandardOutput.ShouldBe(all[^Math.Min(limit, all.Length)..]);
            result.IsCut.ShouldBe(limit < all.Length);
        }
    }

    [Test]
    public async Task A_background_process_that_outlives_the_program_does_not_hold_the_result_beyond_the_timeout(
        CancellationToken cancellationToken
    )
    {
        var child = new TaskCompletionSource<string>();
        var command = Command.Of("bash", "-c", "sleep 600 & echo $!") with
        {
            OnLine = line => child.TrySetResult(line),
            Timeout = TimeSpan.FromSeconds(1),
        };
        await ((Task)_runner.RunAsync(command, cancellationToken)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing
        );
        await ShouldHaveEndedAsync(await child.Task, cancellationToken);
    }

    private async Task<CommandFailedException> StoppedAsync(
        string script,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("bash", "-c", script) with
        {
            Timeout = TimeSpan.FromSeconds(1),
            StopPatience = patience,
        };
        return await Should.ThrowAsync<CommandFailedException>(() => _runner.RunAsync(command, cancellationToken));
    }

    private static Command Tree(TaskCompletionSource<string> child) =>
        Command.Of("bash", "-c", "sleep 600 & echo $!; wait") with
        {
            OnLine = line => child.TrySetResult(line),
        };

    private async Task ShouldHaveEndedAsync(string processId, CancellationToken cancellationToken)
    {
        var state = await _runner.RunAsync(Command.Of("ps", "-o", "stat=", "-p", processId), cancellationToken);
        state.StandardOutput.Trim().ShouldMatch("^(Z.*)?$");
    }
}
