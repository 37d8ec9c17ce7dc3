using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using CliWrap;

namespace Recyclic.Processes;

/// <summary>
/// A program that is talked to while it runs. What it prints waits in memory until somebody reads it, up to its window.
/// </summary>
internal sealed class RunningProcess : IRunningCommand
{
    private readonly Command _command;
    private readonly ChildProcess _child;
    private readonly Pipe _input = new();
    private readonly Pipe _output;
    private readonly LineReader _error;
    private readonly StreamReader _lines;
    private int _disposed;

    /// <param name="start">Starts what it is given, and says what is wrong where that fails.</param>
    public RunningProcess(Command command, Func<Func<ChildProcess>, ChildProcess> start)
    {
        _command = command;
        _output = new(
            command.OutputWindow is { } window
                ? new PipeOptions(pauseWriterThreshold: window, resumeWriterThreshold: window / 2)
                : new PipeOptions(pauseWriterThreshold: 0)
        );
        _error = new LineReader(command.OutputLimit, command.OnErrorLine ?? command.OnLine);
        Input = _input.Writer.AsStream();
        Output = _output.Reader.AsStream();
        _lines = new StreamReader(Output, LineReader.Encoding);
        _child = start(() =>
            new ChildProcess(command, PipeSource.Create(WriteAsync), ReadAsync, _error.ReadToEndAsync)
        );
        Ended = EndAsync();
    }

    public Task<CommandResult> Ended { get; }

    public Stream Input { get; }

    public Stream Output { get; }

    public async Task WriteLineAsync(string line, CancellationToken cancellationToken) =>
        await Input.WriteAsync(LineReader.Encoding.GetBytes(line + "\n"), cancellationToken);

    public async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await LineAsync(cancellationToken) is { } line)
            yield return line;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _input.Writer.CompleteAsync();
        if (await Task.WhenAny(Ended, Task.Delay(_command.EndPatience)) != Ended)
            ProcessKiller.KillTree(_child);
        await Task.WhenAny(Ended, Task.Delay(ProcessCommandRunner.KillPatience));
        _child.Dispose();
        _lines.Dispose();
    }

    /// <summary>The next line; null at the end, and for whoever still reads when the program is disposed of.</summary>
    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lines.ReadLineAsync(cancellationToken);
        }
        catch (InvalidOperationException) when (Volatile.Read(ref _disposed) == 1)
        {
            return null;
        }
    }

    private async Task<CommandResult> EndAsync() =>
        new(_command, await _child.Ended, "", _error.Text) { IsCut = _error.IsCut };

    private async Task WriteAsync(Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            await _input.Reader.CopyToAsync(destination, cancellationToken);
        }
        finally
        {
            // Who writes to a program that reads no more must not wait for it.
            await _input.Reader.CompleteAsync();
        }
    }

    private async Task ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        try
        {
            await source.CopyToAsync(_output.Writer, cancellationToken);
        }
        finally
        {
            await _output.Writer.CompleteAsync();
        }
    }
}
