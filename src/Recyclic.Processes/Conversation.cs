using CliWrap;

namespace Recyclic.Processes;

/// <summary>
/// What is said to and by one program that runs to its end. The program waits when it prints faster than we read.
/// </summary>
internal sealed class Conversation(Command command)
{
    private readonly LineReader _output = new(command.OutputLimit, command.OnLine);
    private readonly LineReader _error = new(command.OutputLimit, command.OnErrorLine ?? command.OnLine);

    public ChildProcess Start() =>
        new(
            command,
            command.StandardInput.Length == 0
                ? PipeSource.Null
                : PipeSource.FromString(command.StandardInput, LineReader.Encoding),
            _output.ReadToEndAsync,
            _error.ReadToEndAsync
        );

    public async Task<CommandResult> EndAsync(ChildProcess child)
    {
        var exitCode = await child.Ended;
        return new CommandResult(command, exitCode, _output.Text, _error.Text)
        {
            IsCut = _output.IsCut || _error.IsCut,
        };
    }

    /// <summary>A failure with what the program has printed so far.</summary>
    public CommandFailedException Failure(string reason) =>
        new(new CommandResult(command, -1, _output.Text, _error.Text), reason);
}
