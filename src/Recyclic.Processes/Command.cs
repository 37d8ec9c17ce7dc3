using System.Collections.Immutable;

namespace Recyclic.Processes;

/// <summary>
/// One program to run: what, not how. Arguments are a list end to end; there is no shell and no quoting.
/// </summary>
/// <param name="Program">A program name found on PATH, or a path.</param>
/// <param name="Arguments">The arguments, each passed to the program as it stands.</param>
public sealed record Command(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Where the program runs; default: the current directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set on top of what is inherited; never printed.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Which variables of this process the program inherits; null: all of them. Default: null, but what runs by a
    /// <see cref="ToolRunner"/> gets what its kind of program needs.
    /// </summary>
    public VariableRule? Inherits { get; init; }

    /// <summary>
    /// Variables of the inherited environment that the program does not get, unless <see cref="Environment"/> gives
    /// them; default: none.
    /// </summary>
    public ImmutableHashSet<string> Withheld { get; init; } = [];

    /// <summary>Whether the program only looks at things, so that a dry run may run it; default: false.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Text written to standard input, which is then closed; default: an empty input.</summary>
    public string StandardInput { get; init; } = "";

    /// <summary>How long the program may run before it is stopped; default: 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the program may take to end by itself after it was told to (SIGTERM), on a timeout or a cancellation,
    /// before it is killed with all it has started; default: 2 s. Zero: killed at once.
    /// </summary>
    public TimeSpan StopPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a program started with <see cref="ICommandRunner.Start"/> may take to end once its input is closed,
    /// before it is killed; default: 3 s.
    /// </summary>
    public TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Called for each line of standard output and standard error as it arrives; default: none.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Called for the lines of standard error in place of <see cref="OnLine"/>; default: none.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>
    /// How many characters of standard output, and as many of standard error, the result keeps; of more, the last ones.
    /// Default: 32 Mi. <see cref="OnLine"/> sees every line all the same.
    /// </summary>
    public int OutputLimit { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// How many bytes a program started with <see cref="ICommandRunner.Start"/> may print ahead of who reads them, before
    /// it has to wait; null: any number, which is kept in memory. Default: null.
    /// </summary>
    public long? OutputWindow { get; init; }

    /// <summary>Texts that are printed as <c>***</c> wherever the command or its failure is; default: none.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Each text is one argument, whatever is in it.</summary>
    public static Command Of(string program, params IEnumerable<string> arguments) => new(program, [.. arguments]);

    /// <summary>
    /// The command as a person would type it, without its secrets: for logs and plans only, never executed.
    /// </summary>
    public override string ToString() =>
        string.Join(' ', Arguments.Prepend(Program).Select(text => Quote(WithoutSecrets(text))));

    /// <summary>
    /// An argument as a person would type it in a shell: quoted where it has more than letters, digits and
    /// <c>-_./:=@,+%</c>. For texts only.
    /// </summary>
    public static string Quote(string argument) =>
        argument.Length > 0
        && argument.Replace("***", "").All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@,+%".Contains(c))
            ? argument
            : "'" + argument.Replace("'", "'\\''") + "'";

    /// <summary>The text with <see cref="Secrets"/> replaced.</summary>
    internal string WithoutSecrets(string text)
    {
        if (Secrets.IsDefaultOrEmpty)
            return text;
        foreach (var secret in Secrets.Where(secret => secret.Length > 0).OrderByDescending(secret => secret.Length))
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }
}
