using System.Collections.Concurrent;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>Plays programs: what was run, and what it printed.</summary>
internal sealed class FakeDocker(Func<Command, (int ExitCode, string Output)> play) : ICommandRunner
{
    public ConcurrentQueue<Command> Ran { get; } = new();

    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        Ran.Enqueue(command);
        var (exitCode, output) = play(command);
        foreach (var line in output.Split('\n'))
            command.OnLine?.Invoke(line);
        return Task.FromResult(
            new CommandResult(command, exitCode, exitCode == 0 ? output : "", exitCode == 0 ? "" : output)
        );
    }

    public IRunningCommand Start(Command command) => throw new NotSupportedException();
}
