using System.Collections.Immutable;

namespace Recyclic.Processes;

/// <summary>One program to run: what, not how. Arguments are a list end to end; there is no shell and no quoting.</summary>
/// <param name="Program">A program name found on PATH, or a path.</param>
/// <param name="Arguments">The arguments, each passed to the program as it stands.</param>
public sealed record Command(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Where the program runs; default: the current directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set on top of the inherited environment; never printed.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether the program only looks at things, so that a dry run may run it; default: false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Text written to standard input, which is then closed; default: an empty input.</summary>
    public string StandardInput { get; init; } = "";

    /// <summary>How long the program may run before it is killed; default: 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a program started with <see cref="ICommandRunner.Start"/> may take to end once its input is closed, before it is killed; default: 3 s.</summary>
    public TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Called for each line of standard output and standard error as it arrives; default: none.</summary>
    public Action<string>? OnLine { get; init; }

    public static Command Of(string program, params IEnumerable<string> arguments) => new(program, [.. arguments]);

    /// <summary>The command as a person would type it: for logs and plans only, never executed.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quoted));

    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@,+%".Contains(c))
            ? argument
            : "'" + argument.Replace("'", "'\\''") + "'";
}

/// <summary>How a command ended. A non-zero exit code is a result, not an exception.</summary>
public sealed record CommandResult(Command Command, int ExitCode, string StandardOutput, string StandardError)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>This result, or a <see cref="CommandFailedException"/> that carries the last lines printed.</summary>
    public CommandResult EnsureSuccess() => Succeeded ? this : throw new CommandFailedException(this);
}
