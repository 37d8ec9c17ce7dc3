namespace Recyclic.Processes;

/// <summary>A program exited with a code other than 0, could not be started, or outran its timeout.</summary>
public sealed class CommandFailedException : Exception
{
    private const int ShownLines = 20;
    private const int ShownCharacters = 1000;

    /// <param name="result">A program that ended by itself; its last 20 lines are in the message.</param>
    public CommandFailedException(CommandResult result)
        : base($"`{result.Command}` exited with code {result.ExitCode}{LastLines(result)}") => Result = result;

    /// <summary>A program that never ran; <see cref="Result"/> has the exit code -1.</summary>
    /// <param name="reason">Follows the command in the message: `could not be started: …`.</param>
    public CommandFailedException(Command command, string reason, Exception? inner = null)
        : base($"`{command}` {reason}", inner) => Result = new CommandResult(command, -1, "", reason);

    /// <summary>A program that was stopped, with what it had printed until then.</summary>
    public CommandFailedException(CommandResult result, string reason)
        : base($"`{result.Command}` {reason}{LastLines(result)}") => Result = result;

    /// <summary>All that was kept of what it printed, secrets too: the message has them hidden.</summary>
    public CommandResult Result { get; }

    /// <summary>
    /// The end of what the program had to say: of standard error, or of standard output when there is no error.
    /// </summary>
    private static string LastLines(CommandResult result)
    {
        var text = string.IsNullOrWhiteSpace(result.StandardError) ? result.StandardOutput : result.StandardError;
        var lines = LinesFromTheEnd(text)
            .Take(ShownLines)
            .Reverse()
            .Select(line => Short(result.Command.WithoutSecrets(line)));
        return string.Join("", lines.Select(line => "\n    " + line));
    }

    private static IEnumerable<string> LinesFromTheEnd(string text)
    {
        for (var end = text.Length; end > 0; )
        {
            var start = text.LastIndexOf('\n', end - 1) + 1;
            var line = text[start..end].Trim();
            if (line.Length > 0)
                yield return line;
            end = start - 1;
        }
    }

    private static string Short(string line) => line.Length <= ShownCharacters ? line : line[..ShownCharacters] + "…";
}
