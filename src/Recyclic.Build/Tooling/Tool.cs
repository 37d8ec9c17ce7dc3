namespace Recyclic.Build.Tooling;

/// <summary>
/// A program as a function: <c>Docker($"push {image}")</c> runs it to its end, prints what it prints, and returns its
/// lines. It is stopped when the build is cancelled.
/// </summary>
/// <param name="arguments">The arguments as one line, in which values are never split.</param>
/// <param name="workingDirectory">Where it runs; default: where the caller of the build stands.</param>
/// <param name="environmentVariables">Variables on top of those of the build; default: none.</param>
/// <param name="timeout">Milliseconds until it is stopped; default: none.</param>
/// <param name="logOutput">Whether its lines are printed; default: true.</param>
/// <param name="logInvocation">Whether the command itself is printed; default: true.</param>
/// <param name="logger">Gets the lines in place of the log; default: the log.</param>
/// <param name="exitHandler">Judges how it ended; default: any exit code but 0 is an error.</param>
/// <param name="standardInput">Text for its standard input, where secrets belong; default: none.</param>
/// <exception cref="Processes.CommandFailedException">It could not be started, ended with another code than 0, or
/// outran its timeout.</exception>
public delegate IReadOnlyCollection<Output> Tool(
    ArgumentStringHandler arguments,
    string? workingDirectory = null,
    IReadOnlyDictionary<string, string>? environmentVariables = null,
    int? timeout = null,
    bool? logOutput = null,
    bool? logInvocation = null,
    Action<OutputType, string>? logger = null,
    Action<IProcess>? exitHandler = null,
    string? standardInput = null
);

/// <summary>
/// Fills a member of type <see cref="Tool"/> with a program on PATH: <c>[PathVariable("docker")] readonly Tool
/// Docker;</c> or, in a component, <c>[PathVariable("docker")] Tool? Docker => TryGetValue(() => Docker);</c>. Null
/// when there is no such program, so that <c>Requires(() => Docker)</c> tells before anything runs.
/// </summary>
/// <param name="name">The program; default: the member's name in lower case.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class PathVariableAttribute(string? name = null) : Attribute
{
    /// <summary>The program; null: the member's name in lower case.</summary>
    public string? Name { get; } = name;
}
