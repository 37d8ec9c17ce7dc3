using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.OneHand;

/// <summary>Runs nothing, and keeps what it was to run.</summary>
internal sealed class RecordingRunner : ICommandRunner
{
    public List<string> Commands { get; } = [];

    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        Commands.Add(string.Join(' ', command.Arguments));
        return Task.FromResult(new CommandResult(command, 0, "made-id\n", ""));
    }

    public IRunningCommand Start(Command command)
    {
        Commands.Add(string.Join(' ', command.Arguments));
        throw new NotSupportedException();
    }
}
