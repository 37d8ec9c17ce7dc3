namespace Recyclic.Processes;

/// <summary>
/// The one way to run programs. The real one is <see cref="ProcessCommandRunner"/>; tests pass a fake.
/// </summary>
public interface ICommandRunner
{
    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="CommandFailedException">It could not be started or outran its timeout. A non-zero exit code
    /// does not throw.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program has been killed.</exception>
    Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a program and keeps its input and output open; <see cref="Command.Timeout"/> does not apply.
    /// </summary>
    IRunningCommand Start(Command command);
}

/// <summary>A program that is running. Disposing it closes its input and ends it.</summary>
public interface IRunningCommand : IAsyncDisposable
{
    /// <summary>Completes when the program has ended.</summary>
    Task<CommandResult> Ended { get; }

    /// <summary>The program's raw standard input; not to be mixed with <see cref="WriteLineAsync"/>.</summary>
    Stream Input { get; }

    /// <summary>The program's raw standard output; not to be mixed with <see cref="ReadLinesAsync"/>.</summary>
    Stream Output { get; }

    /// <summary>Writes one line to standard input and flushes it.</summary>
    Task WriteLineAsync(string line, CancellationToken cancellationToken);

    /// <summary>
    /// Lines of standard output as they arrive, until the program closes it. To be read by one reader.
    /// </summary>
    IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken);
}
