using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Build.Testing;

/// <summary>
/// Plays programs in place of running them. Of the scripts that fit a command, the one added last is played; a command
/// without one fails like a program that is not installed.
/// </summary>
public sealed class FakeCommandRunner : ICommandRunner
{
    private readonly Lock _lock = new();
    private ImmutableStack<FakeProgram> _programs = [];
    private ImmutableArray<Command> _ran = [];

    /// <summary>The commands so far, in their order.</summary>
    public ImmutableArray<Command> Ran
    {
        get
        {
            lock (_lock)
                return _ran;
        }
    }

    /// <summary>A program with these first arguments; those that follow may be any.</summary>
    public FakeProgram On(string program, params ImmutableArray<string> arguments) =>
        On(
            command => command.Program == program && command.Arguments.Take(arguments.Length).SequenceEqual(arguments),
            program
        );

    /// <summary>The commands that meet a condition.</summary>
    public FakeProgram On(Func<Command, bool> condition) => On(condition, null);

    /// <summary>Every command.</summary>
    public FakeProgram OnAny() => On(_ => true);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Find(command).RunAsync(command, cancellationToken);
    }

    /// <inheritdoc/>
    public IRunningCommand Start(Command command) => new FakeRunningCommand(command, Find(command));

    /// <summary>Whether a script for the program exists, or one for any.</summary>
    internal bool Has(string program) =>
        _programs.Any(candidate => candidate.Name is null || candidate.Name == program);

    private FakeProgram On(Func<Command, bool> condition, string? name)
    {
        var program = new FakeProgram(condition, name);
        lock (_lock)
            _programs = _programs.Push(program);
        return program;
    }

    private FakeProgram Find(Command command)
    {
        lock (_lock)
            _ran = _ran.Add(command);
        return _programs.FirstOrDefault(program => program.Fits(command))
            ?? throw new CommandFailedException(
                command,
                $"could not be started: no script of the test fits it. Add one: Commands.On(\"{command.Program}\").Returns(…)"
            );
    }
}
