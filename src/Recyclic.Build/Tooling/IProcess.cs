using Recyclic.Processes;

namespace Recyclic.Build.Tooling;

/// <summary>A program that <c>ProcessTasks.StartProcess</c> has started. Disposing it ends it.</summary>
public interface IProcess : IDisposable
{
    /// <summary>What runs.</summary>
    Command Command { get; }

    /// <summary>The program, as it was named.</summary>
    string FileName => Command.Program;

    /// <summary>The arguments as a person would type them, without secrets.</summary>
    string Arguments => (Command with { Program = "x" }).ToString()[1..].TrimStart();

    /// <summary>Where it runs; null: in the current directory.</summary>
    string? WorkingDirectory => Command.WorkingDirectory;

    /// <summary>The lines so far; of a very long output the last ones.</summary>
    IReadOnlyCollection<Output> Output { get; }

    /// <summary>Whether it has ended.</summary>
    bool HasExited { get; }

    /// <summary>The exit code; -1 when it was stopped.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    int ExitCode { get; }

    /// <summary>Waits for its end.</summary>
    /// <returns>False when it was stopped after its timeout.</returns>
    /// <exception cref="OperationCanceledException">The build was cancelled; the program has been stopped.</exception>
    bool WaitForExit();

    /// <summary>Stops it with all that it has started, and waits for its end.</summary>
    void Kill();
}

/// <summary>Turns how a process ended into an error.</summary>
public static class ProcessExtensions
{
    /// <summary>Waits for the end, and expects it before the timeout.</summary>
    /// <exception cref="CommandFailedException">It outran its timeout.</exception>
    public static IProcess AssertWaitForExit(this IProcess process) =>
        process.WaitForExit()
            ? process
            : throw new CommandFailedException(
                process.Command,
                $"was stopped after its timeout of {process.Command.Timeout.TotalSeconds:0.###} s"
            );

    /// <summary>Waits for the end, and expects the exit code 0.</summary>
    /// <exception cref="CommandFailedException">It ended otherwise; the message has the command, the exit code and the
    /// last lines.</exception>
    public static IProcess AssertZeroExitCode(this IProcess process)
    {
        process.AssertWaitForExit();
        new CommandResult(
            process.Command,
            process.ExitCode,
            Text(process, OutputType.Std),
            Text(process, OutputType.Err)
        ).EnsureSuccess();
        return process;
    }

    private static string Text(IProcess process, OutputType type) =>
        string.Join('\n', process.Output.Where(line => line.Type == type).Select(line => line.Text));
}
