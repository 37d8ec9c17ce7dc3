using Recyclic.Processes;
using Recyclic.Terminals;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>What only a terminal does to a build: it is closed, somebody else has it, a question is on it.</summary>
[Platform("Linux"), CancelAfter(60_000)]
public class TerminalTests
{
    private static readonly string TestProgram = typeof(TerminalTests).Assembly.Location;
    private DirectoryInfo _root = null!;

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-");

    [TearDown]
    public void TearDown() => _root.Delete(recursive: true);

    [Test]
    public async Task The_runtime_catches_all_three_signals(CancellationToken cancellationToken)
    {
        await using var terminal = Start("exec dotnet \"$@\"", "Wait");
        await terminal.UntilAsync("ready", cancellationToken);
        var caught = File.ReadLines($"/proc/{terminal.ProcessId}/status")
            .Single(line => line.StartsWith("SigCgt:", StringComparison.Ordinal))[7..]
            .Trim();
        var mask = Convert.ToUInt64(caught, 16);
        foreach (var signal in new[] { 1, 2, 15 })
            (mask >> (signal - 1) & 1).ShouldBe(1UL, $"signal {signal} in {caught}");
    }

    /// <summary>The system sends SIGHUP, and a shell in the window sends another.</summary>
    [Test]
    public async Task A_window_that_is_closed_cancels_and_everything_is_undone(CancellationToken cancellationToken)
    {
        await using var terminal = Start("exec dotnet \"$@\"", "SlowUndo");
        await terminal.UntilAsync("ready", cancellationToken);
        await terminal.HangUpAsync();
        for (var i = 0; i < 5; i++)
        {
            await SignalAsync("HUP", terminal.ProcessId, cancellationToken);
            await Task.Delay(50, cancellationToken);
        }
        terminal.Ended.IsCompleted.ShouldBeFalse();
        GoOn();
        (await terminal.Ended.WaitAsync(cancellationToken)).ShouldBe(129);
        IsUndone.ShouldBeTrue();
    }

    [Test]
    public async Task Under_nohup_a_build_survives_its_window(CancellationToken cancellationToken)
    {
        await using var terminal = Start("exec nohup dotnet \"$@\" >ready 2>&1", "LongWork");
        while (
            !File.Exists(InRoot("ready"))
            || !File.ReadAllText(InRoot("ready")).Contains("ready", StringComparison.Ordinal)
        )
            await Task.Delay(10, cancellationToken);
        await terminal.HangUpAsync();
        await SignalAsync("HUP", terminal.ProcessId, cancellationToken);
        GoOn();
        (await terminal.Ended.WaitAsync(cancellationToken)).ShouldBe(0);
    }

    [Test]
    public async Task Ctrl_C_reaches_the_job_that_a_script_has_in_the_background(CancellationToken cancellationToken)
    {
        GoOn();
        await using var terminal = Start("dotnet \"$@\" & wait", "SlowUndo");
        await terminal.UntilAsync("ready", cancellationToken);
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.Ended.WaitAsync(cancellationToken)).ShouldBe(130);
        while (!IsUndone)
            await Task.Delay(10, cancellationToken);
    }

    [Test]
    public async Task Ctrl_C_is_heard_while_a_program_has_the_terminal(CancellationToken cancellationToken)
    {
        await using var terminal = Start("exec dotnet \"$@\"", "Editor");
        await terminal.UntilAsync("child ", cancellationToken);
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.Ended.WaitAsync(cancellationToken)).ShouldBe(130, terminal.Screen);
        terminal.Screen.ShouldContain("undone");
    }

    /// <summary>What writes to a terminal, or sets it, from the background may be stopped by it.</summary>
    [Test]
    public async Task A_signal_is_heard_while_a_program_alone_has_the_foreground(CancellationToken cancellationToken)
    {
        await using var terminal = Start("exec dotnet \"$@\"", "EditorInFront");
        await terminal.UntilAsync("child ", cancellationToken);
        await SignalAsync("TERM", terminal.ProcessId, cancellationToken);
        (await terminal.Ended.WaitAsync(cancellationToken)).ShouldBe(143, terminal.Screen);
        terminal.Screen.ShouldContain("undone");
    }

    [TestCase("Which release")]
    [TestCase("Of the registry")]
    public async Task Ctrl_C_at_a_question_leaves_the_terminal_as_it_was(
        string question,
        CancellationToken cancellationToken
    )
    {
        await using var terminal = Start(
            "stty -g >before; dotnet \"$@\"; echo \"ended with $?\"; stty -g >after",
            "Ask"
        );
        var at = await terminal.UntilAsync("Which release", cancellationToken);
        if (question != "Which release")
        {
            terminal.Type("v1\n");
            await terminal.UntilAsync(question, cancellationToken, at);
        }
        await terminal.UntilAsync(
            ": ",
            cancellationToken,
            terminal.Screen.LastIndexOf(question, StringComparison.Ordinal)
        );
        terminal.Type(PseudoTerminal.CtrlC);
        await terminal.Ended.WaitAsync(cancellationToken);
        terminal.Screen.ShouldContain("ended with 130");
        (await File.ReadAllTextAsync(InRoot("after"), cancellationToken)).ShouldBe(
            await File.ReadAllTextAsync(InRoot("before"), cancellationToken)
        );
    }

    private bool IsUndone => File.Exists(InRoot("undone"));

    private string InRoot(string name) => Path.Combine(_root.FullName, name);

    private void GoOn() => File.WriteAllText(InRoot("go-on"), "");

    private PseudoTerminal Start(string script, params string[] arguments) =>
        PseudoTerminal.Start(
            ["bash", "-c", script, "bash", TestProgram, .. arguments, "--root", _root.FullName],
            directory: _root.FullName
        );

    private static async Task SignalAsync(string signal, int id, CancellationToken cancellationToken) =>
        (
            await new ProcessCommandRunner().RunAsync(Command.Of("kill", $"-{signal}", $"{id}"), cancellationToken)
        ).EnsureSuccess();
}
