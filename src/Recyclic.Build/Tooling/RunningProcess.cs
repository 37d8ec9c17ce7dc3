using Recyclic.Processes;

namespace Recyclic.Build.Tooling;

/// <summary>A command that runs, with the lines it has printed.</summary>
internal sealed class RunningProcess : IProcess
{
    /// <summary>The lines are kept here; the runner's own copy serves its failures only.</summary>
    private const int RunnerKeeps = 64 * 1024;
    private readonly CancellationTokenSource _kill;
    private readonly CancellationToken _cancelled;
    private readonly OutputLines _lines = new();
    private Task<CommandResult> _ended = null!;

    private RunningProcess(Command command, CancellationToken cancelled)
    {
        Command = command;
        _cancelled = cancelled;
        _kill = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
    }

    public Command Command { get; }
    public IReadOnlyCollection<Output> Output => _lines.ToList();
    public bool HasExited => _ended.IsCompleted;

    public int ExitCode =>
        !HasExited ? throw new InvalidOperationException($"`{Command}` has not ended yet")
        : _ended.IsCompletedSuccessfully ? _ended.Result.ExitCode
        : -1;

    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static RunningProcess Start(
        ICommandRunner runner,
        Command command,
        Func<string, string>? filter,
        Action<OutputType, string>? print,
        CancellationToken cancelled
    )
    {
        var process = new RunningProcess(command, cancelled);

        void Take(OutputType type, string line)
        {
            if (filter is not null)
                line = filter(line);
            process._lines.Add(new(type, line));
            print?.Invoke(type, line);
        }

        process._ended = runner.RunAsync(
            command with
            {
                OnLine = line => Take(OutputType.Std, line),
                OnErrorLine = line => Take(OutputType.Err, line),
                OutputLimit = RunnerKeeps,
            },
            process._kill.Token
        );
        // What fails to start has failed by now; what fails later is for those who wait.
        if (process._ended.IsFaulted)
            process._ended.GetAwaiter().GetResult();
        return process;
    }

    public bool WaitForExit()
    {
        try
        {
            _ended.GetAwaiter().GetResult();
        }
        catch (CommandFailedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!_cancelled.IsCancellationRequested)
        {
            // Killed, as somebody wished.
        }
        return true;
    }

    public void Kill()
    {
        _kill.Cancel();
        ((IAsyncResult)_ended).AsyncWaitHandle.WaitOne();
    }

    public void Dispose()
    {
        if (!HasExited)
            Kill();
        _kill.Dispose();
    }
}
