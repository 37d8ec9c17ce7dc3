namespace Recyclic.Processes;

/// <summary>How a command ended. A non-zero exit code is a result, not an exception.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">-1: it could not be started, or was stopped.</param>
/// <param name="StandardOutput">Its lines, each with a line feed at its end.</param>
/// <param name="StandardError">Its lines, each with a line feed at its end.</param>
public sealed record CommandResult(Command Command, int ExitCode, string StandardOutput, string StandardError)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>
    /// Whether more was printed than <see cref="Command.OutputLimit"/> keeps; then the beginning is missing.
    /// </summary>
    public bool IsCut { get; init; }

    /// <summary>This result, or a <see cref="CommandFailedException"/> that carries the last lines printed.</summary>
    public CommandResult EnsureSuccess() => Succeeded ? this : throw new CommandFailedException(this);
}
