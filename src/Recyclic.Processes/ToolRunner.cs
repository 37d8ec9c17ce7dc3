namespace Recyclic.Processes;

/// <summary>
/// Runs the programs that Recyclic itself needs, each with the variables of <see cref="ToolVariables"/> and those that
/// its command names: a program that gets all variables of a build gets all of its secrets.
/// </summary>
/// <param name="inner">Starts them; default: a <see cref="ProcessCommandRunner"/>.</param>
public sealed class ToolRunner(ICommandRunner? inner = null) : ICommandRunner
{
    private readonly ICommandRunner _inner = inner ?? new ProcessCommandRunner();

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        _inner.RunAsync(With(command), cancellationToken);

    /// <inheritdoc/>
    public IRunningCommand Start(Command command) => _inner.Start(With(command));

    private static Command With(Command command) =>
        command.Inherits is null ? command with { Inherits = ToolVariables.Of(command.Program) } : command;
}
