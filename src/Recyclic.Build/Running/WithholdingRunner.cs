using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Build.Running;

/// <summary>
/// Runs programs without the variables that hold secrets: a program gets one only where its command names it.
/// </summary>
internal sealed class WithholdingRunner(ICommandRunner runner, ImmutableHashSet<string> variables) : ICommandRunner
{
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        runner.RunAsync(Without(command), cancellationToken);

    public IRunningCommand Start(Command command) => runner.Start(Without(command));

    private Command Without(Command command) => command with { Withheld = command.Withheld.Union(variables) };
}
