using Recyclic.Processes;

namespace Recyclic.Build;

/// <summary>The world a build runs in. <c>Execute</c> takes the process's own; tests pass another.</summary>
public sealed record BuildHost
{
    public required TextWriter Output { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>Relative paths on the command line start here.</summary>
    public required AbsolutePath WorkingDirectory { get; init; }

    /// <summary>The directory that holds <c>.nuke</c>, unless <c>--root</c> names another.</summary>
    public required AbsolutePath RootDirectory { get; init; }

    /// <summary>Default: empty.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What runs programs. Default: real processes.</summary>
    public ICommandRunner? CommandRunner { get; init; }

    /// <summary>Whether a program can be run, for <see cref="Tooling.PathVariableAttribute"/>. Default: whether it is on PATH.</summary>
    public Func<string, bool>? HasProgram { get; init; }

    /// <summary>Default: false.</summary>
    public bool IsColoured { get; init; }

    /// <summary>Columns of the terminal that a line in progress may take; 0: no terminal, no such line. Default: 0.</summary>
    public int TerminalWidth { get; init; }

    /// <summary>
    /// Whether <c>.nuke/build.schema.json</c> in <see cref="RootDirectory"/> is written when the definition of the build has changed.
    /// Default: false; <c>Execute</c> does so for the build that <c>build.sh</c> published there.
    /// </summary>
    public bool KeepsSchema { get; init; }

    /// <summary>Called when the parameters are known, before the build class is created.</summary>
    internal Action<Running.BuildSession>? OnBegin { get; init; }

    /// <summary>Default: the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
