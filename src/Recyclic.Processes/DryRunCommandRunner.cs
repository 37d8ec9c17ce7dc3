using System.Runtime.CompilerServices;

namespace Recyclic.Processes;

/// <summary>
/// For a dry run: commands that only read are run, all others are printed, and succeed without output.
/// </summary>
/// <param name="runner">Runs what only reads.</param>
/// <param name="print">Prints the others, as <c>would run: docker push web:1</c>.</param>
public sealed class DryRunCommandRunner(ICommandRunner runner, Action<string> print) : ICommandRunner
{
    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        if (command.IsReadOnly)
            return runner.RunAsync(command, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Printed(command));
    }

    /// <inheritdoc/>
    public IRunningCommand Start(Command command) =>
        command.IsReadOnly ? runner.Start(command) : new NotRunning(Printed(command));

    private CommandResult Printed(Command command)
    {
        print($"would run: {command}");
        return new(command, 0, "", "");
    }

    /// <summary>A program that has ended before it said anything.</summary>
    private sealed class NotRunning(CommandResult result) : IRunningCommand
    {
        public Task<CommandResult> Ended { get; } = Task.FromResult(result);
        public Stream Input => Stream.Null;
        public Stream Output => Stream.Null;

        public Task WriteLineAsync(string line, CancellationToken cancellationToken) => Task.CompletedTask;

        public async IAsyncEnumerable<string> ReadLinesAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
