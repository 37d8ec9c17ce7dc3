using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Build.Testing;

/// <summary>How a build under test went.</summary>
/// <param name="Output">What it printed to standard output.</param>
/// <param name="Error">What it printed to standard error.</param>
public sealed record BuildTestRun(int ExitCode, string Output, string Error)
{
    /// <summary>The targets of the plan in their order; empty when nothing was run.</summary>
    public ImmutableArray<TargetOutcome> Targets { get; init; } = [];

    /// <summary>The programs it ran, in their order.</summary>
    public ImmutableArray<Command> Commands { get; init; } = [];

    /// <summary>The programs it ran as a person would type them, without secrets.</summary>
    public IEnumerable<string> CommandLines => Commands.Select(command => command.ToString());

    /// <exception cref="ArgumentException">The plan has no such target.</exception>
    public ExecutionStatus StatusOf(string target) =>
        Targets.FirstOrDefault(outcome => outcome.Name == target)?.Status
        ?? throw new ArgumentException(
            $"the plan has no target {target}, only {(Targets.IsEmpty ? "none at all" : string.Join(", ", Targets.Select(outcome => outcome.Name)))}; {Error.Trim()}",
            nameof(target)
        );
}

/// <summary>How a target fared.</summary>
/// <param name="Notes">What its row of the summary says of it.</param>
public sealed record TargetOutcome(string Name, ExecutionStatus Status, ImmutableArray<string> Notes);
