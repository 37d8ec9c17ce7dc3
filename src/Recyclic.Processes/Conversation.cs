using Shell = Medallion.Shell.Command;

namespace Recyclic.Processes;

/// <summary>What is said to and by one program that runs to its end.</summary>
internal sealed class Conversation
{
    private readonly Command _command;
    private readonly Shell _shell;
    private readonly LineReader _output;
    private readonly LineReader _error;

    public Conversation(Command command, Shell shell)
    {
        (_command, _shell) = (command, shell);
        // The program waits when it prints faster than we read; without this all of it would pile up in memory.
        shell.StandardOutput.StopBuffering();
        shell.StandardError.StopBuffering();
        _output = new(shell.StandardOutput, command.OutputLimit, command.OnLine);
        _error = new(shell.StandardError, command.OutputLimit, command.OnErrorLine ?? command.OnLine);
    }

    public async Task<CommandResult> EndAsync()
    {
        var output = _output.ReadToEndAsync();
        var error = _error.ReadToEndAsync();
        await WriteInputAsync();
        var result = await _shell.Task;
        return new CommandResult(_command, result.ExitCode, await output, await error) { IsCut = _output.IsCut || _error.IsCut };
    }

    /// <summary>A failure with what the program has printed so far.</summary>
    public CommandFailedException Failure(string reason) => new(new CommandResult(_command, -1, _output.Text, _error.Text), reason);

    private async Task WriteInputAsync()
    {
        try
        {
            if (_command.StandardInput.Length > 0) await _shell.StandardInput.WriteAsync(_command.StandardInput);
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells the story.
        }
    }
}
