using System.Diagnostics;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>A program that has this process's own standard input, output and error.</summary>
[Platform("Unix"), CancelAfter(30_000)]
public sealed class AttachedProgramTests
{
    [TestCase(0)]
    [TestCase(3)]
    [TestCase(127)]
    public async Task Its_exit_code_is_given(int code, CancellationToken cancellationToken) =>
        (await AttachedProgram.RunAsync(Command.Of("sh", "-c", $"exit {code}"), cancellationToken)).ShouldBe(code);

    [Test]
    public async Task It_gets_the_variables_of_its_command_and_no_others(CancellationToken cancellationToken)
    {
        var command = Command.Of("sh", "-c", "test \"$SHADE\" = blue && test -z \"$HOME\"") with
        {
            Inherits = new VariableRule(["PATH"]),
        };
        (
            await AttachedProgram.RunAsync(
                command with
                {
                    Environment = command.Environment.Add("SHADE", "blue"),
                },
                cancellationToken
            )
        ).ShouldBe(0);
    }

    [TestCase("exec sleep 60")]
    [TestCase("trap '' TERM; while :; do sleep 60; done")]
    public async Task It_ends_when_it_is_cancelled(string script, CancellationToken cancellationToken)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = AttachedProgram.RunAsync(
            Command.Of("sh", "-c", script) with
            {
                StopPatience = TimeSpan.FromMilliseconds(300),
            },
            cancelled.Token
        );
        var started = Stopwatch.StartNew();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task One_that_is_not_there_is_named(CancellationToken cancellationToken) =>
        (
            await Should.ThrowAsync<CommandFailedException>(() =>
                AttachedProgram.RunAsync(Command.Of("no-such-program-at-all"), cancellationToken)
            )
        ).Message.ShouldContain("no-such-program-at-all");
}
