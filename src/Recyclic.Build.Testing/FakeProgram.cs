using Recyclic.Processes;

namespace Recyclic.Build.Testing;

/// <summary>What a program does when it is run; unless told otherwise it prints nothing and ends with 0.</summary>
public sealed class FakeProgram
{
    private readonly Func<Command, bool> _condition;
    private Func<Command, CommandResult> _answer = command => new(command, 0, "", "");
    private bool _hangs;
    private bool _timesOut;

    internal FakeProgram(Func<Command, bool> condition, string? name) => (_condition, Name) = (condition, name);

    internal string? Name { get; }

    /// <summary>What a line of input makes it print; null when it takes no notice.</summary>
    internal Func<string, IEnumerable<string>>? Reply { get; private set; }

    /// <summary>Prints the lines and ends with 0.</summary>
    public void Returns(params string[] lines) => Answers(command => new(command, 0, Text(lines), ""));

    /// <summary>Prints the lines to standard error and ends with the code.</summary>
    public void Fails(int exitCode, params string[] lines) =>
        Answers(command => new(command, exitCode, "", Text(lines)));

    /// <summary>Does what the function says, which may look at the command or count.</summary>
    public void Answers(Func<Command, CommandResult> answer) => _answer = answer;

    /// <summary>Prints the lines and then goes on until it is stopped: by cancellation or by its timeout.</summary>
    public void Hangs(params string[] lines)
    {
        Returns(lines);
        _hangs = true;
    }

    /// <summary>Prints the lines and is at once found to have outrun its timeout.</summary>
    public void TimesOut(params string[] lines)
    {
        Returns(lines);
        _timesOut = true;
    }

    /// <summary>Prints what the function makes of each line of its input, and ends with it.</summary>
    public void Replies(Func<string, IEnumerable<string>> reply) => Reply = reply;

    /// <summary>Whether only a kill ends it.</summary>
    internal bool NeverEnds => _hangs || _timesOut;

    internal bool Fits(Command command) => _condition(command);

    internal CommandResult Answer(Command command) => _answer(command);

    internal async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var result = Answer(command) with { Command = command };
        if (Reply is not null)
            result = result with { StandardOutput = Text([.. Lines(command.StandardInput).SelectMany(Reply)]) };
        foreach (var line in Lines(result.StandardOutput))
            command.OnLine?.Invoke(line);
        foreach (var line in Lines(result.StandardError))
            (command.OnErrorLine ?? command.OnLine)?.Invoke(line);
        if (_hangs && !await WaitAsync(command.Timeout, cancellationToken))
            cancellationToken.ThrowIfCancellationRequested();
        if (_hangs || _timesOut)
            throw new CommandFailedException(
                Kept(result),
                $"was stopped after its timeout of {command.Timeout.TotalSeconds:0.###} s"
            );
        return Kept(result);
    }

    internal static IEnumerable<string> Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static string Text(string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    private static CommandResult Kept(CommandResult result)
    {
        var limit = result.Command.OutputLimit;
        return result with
        {
            StandardOutput = result.StandardOutput[^Math.Min(limit, result.StandardOutput.Length)..],
            StandardError = result.StandardError[^Math.Min(limit, result.StandardError.Length)..],
            IsCut = Math.Max(result.StandardOutput.Length, result.StandardError.Length) > limit,
        };
    }

    /// <returns>Whether the time is over; otherwise the wait was cancelled.</returns>
    private static async Task<bool> WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await Task.Delay(time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
