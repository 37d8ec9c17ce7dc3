using System.Text;
using System.Threading.Channels;
using Recyclic.Processes;

namespace Recyclic.Build.Testing;

/// <summary>A played program with its input open.</summary>
internal sealed class FakeRunningCommand : IRunningCommand
{
    private const int KilledExitCode = 137;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<CommandResult> _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly FakeProgram _program;
    private readonly CommandResult _result;

    public FakeRunningCommand(Command command, FakeProgram program)
    {
        _program = program;
        _result = program.Answer(command) with { Command = command };
        Output = new MemoryStream(Encoding.UTF8.GetBytes(_result.StandardOutput));
        foreach (var line in FakeProgram.Lines(_result.StandardOutput))
            _lines.Writer.TryWrite(line);
        foreach (var line in FakeProgram.Lines(_result.StandardError))
            command.OnLine?.Invoke(line);
        if (program.Reply is null && !program.NeverEnds)
            End(_result.ExitCode);
    }

    public Task<CommandResult> Ended => _ended.Task;

    public Stream Input { get; } = new MemoryStream();

    public Stream Output { get; }

    public Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        foreach (var reply in _program.Reply?.Invoke(line) ?? [])
            _lines.Writer.TryWrite(reply);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<string> ReadLinesAsync(CancellationToken cancellationToken) =>
        _lines.Reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        End(_program.NeverEnds ? KilledExitCode : _result.ExitCode);
        return ValueTask.CompletedTask;
    }

    private void End(int exitCode)
    {
        _lines.Writer.TryComplete();
        _ended.TrySetResult(_result with { ExitCode = exitCode, StandardOutput = "" });
    }
}
