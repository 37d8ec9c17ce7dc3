using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Runs programs with further environment variables; those of a command itself win.</summary>
internal sealed class VariablesRunner(ICommandRunner inner, ImmutableDictionary<string, string> variables)
    : ICommandRunner
{
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        inner.RunAsync(With(command), cancellationToken);

    public IRunningCommand Start(Command command) => inner.Start(With(command));

    private Command With(Command command) => command with { Environment = variables.SetItems(command.Environment) };
}
