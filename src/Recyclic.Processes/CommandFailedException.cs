namespace Recyclic.Processes;

/// <summary>A program exited with a code other than 0, could not be started, or outran its timeout.</summary>
public sealed class CommandFailedException : Exception
{
    public CommandFailedException(CommandResult result)
        : base($"`{result.Command}` exited with code {result.ExitCode}{LastLines(result)}") => Result = result;

    public CommandFailedException(Command command, string reason, Exception? inner = null)
        : base($"`{command}` {reason}", inner) => Result = new CommandResult(command, -1, "", reason);

    public CommandResult Result { get; }

    private static string LastLines(CommandResult result)
    {
        var text = result.StandardError.Trim().Length > 0 ? result.StandardError : result.StandardOutput;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(20);
        return string.Join("", lines.Select(line => "\n    " + line));
    }
}
