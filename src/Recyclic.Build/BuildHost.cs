using Recyclic.Processes;

namespace Recyclic.Build;

/// <summary>The world a build runs in. <c>Execute</c> takes the process's own; tests pass another.</summary>
public sealed record BuildHost
{
    /// <summary>Gets standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Gets standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Relative paths on the command line start here.</summary>
    public required AbsolutePath WorkingDirectory { get; init; }

    /// <summary>The directory that holds <c>.nuke</c>, unless <c>--root</c> names another.</summary>
    public required AbsolutePath RootDirectory { get; init; }

    /// <summary>Default: empty.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where <c>--registry-password -</c> is read from; default: nothing.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>
    /// Asks a person for a value that is missing: question, whether the answer is hidden; null: no answer. Default:
    /// null, nobody can be asked. </summary>
    public Func<string, bool, CancellationToken, Task<string?>>? Ask { get; init; }

    /// <summary>What runs programs. Default: real processes.</summary>
    public ICommandRunner? CommandRunner { get; init; }

    /// <summary>
    /// Whether a program can be run, for <see cref="Tooling.PathVariableAttribute"/>. Default: whether it is on PATH.
    /// </summary>
    public Func<string, bool>? HasProgram { get; init; }

    /// <summary>Default: false.</summary>
    public bool IsColoured { get; init; }

    /// <summary>
    /// Columns of the terminal that a line in progress may take; 0: no terminal, no such line. Default: 0.
    /// </summary>
    public int TerminalWidth { get; init; }

    /// <summary>
    /// Whether a run leaves in <c>.nuke/temp</c> its report, and what <see cref="ITargetDefinition.OnlyWhenChanged"/>
    /// goes by. Default: true.
    /// </summary>
    public bool KeepsReports { get; init; } = true;

    /// <summary>The exit code of a cancelled run. Default: 130; a process that got SIGTERM ends with 143.</summary>
    public Func<int> CancelledExitCode { get; init; } = static () => Running.ExitCodes.Cancelled;

    /// <summary>How many targets <c>--parallel</c> runs side by side when it names no number. Default: one.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>
    /// Whether <c>.nuke/build.schema.json</c> in <see cref="RootDirectory"/> is written when the definition of the
    /// build has changed. Default: false; <c>Execute</c> does so for the build that <c>build.sh</c> published there.
    /// </summary>
    public bool KeepsSchema { get; init; }

    /// <summary>Called when the parameters are known, before the build class is created.</summary>
    internal Action<Running.BuildSession>? OnBegin { get; init; }

    /// <summary>
    /// What takes the part of something that targets reach out to, found by its type: in a test, a host in memory where
    /// a deploy has an engine. Default: nothing, targets reach the real thing.
    /// </summary>
    public IReadOnlyList<object> StandIns { get; init; } = [];

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
