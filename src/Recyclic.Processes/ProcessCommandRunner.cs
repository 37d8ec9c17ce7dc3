using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;
using Shell = Medallion.Shell.Command;

namespace Recyclic.Processes;

/// <summary>
/// Runs programs with MedallionShell. Children get a session of their own where <c>setsid</c> exists, so that Ctrl-C in a
/// terminal reaches this process only: it decides what is cancelled and what must finish, for example an undo.
/// </summary>
public sealed class ProcessCommandRunner : ICommandRunner
{
    internal static readonly string? Setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);
    private static readonly bool IsGroupLeader = Setsid is not null;
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(3);

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Timeout);
        var shell = StartShell(command);
        try
        {
            var conversation = new Conversation(command, shell);
            var ended = conversation.EndAsync();
            if (await EndsBeforeAsync(ended, deadline.Token)) return await ended;
            if (await StopAsync(command, shell, ended)) return await ended;
            cancellationToken.ThrowIfCancellationRequested();
            throw conversation.Failure($"was stopped after its timeout of {command.Timeout.TotalSeconds:0.###} s");
        }
        finally
        {
            Leave(shell);
        }
    }

    public IRunningCommand Start(Command command) => new Running(command, StartShell(command));

    private static Shell StartShell(Command command)
    {
        var (program, arguments) = Setsid is null
            ? (command.Program, command.Arguments)
            : (Setsid, command.Arguments.Insert(0, command.Program));
        if (Setsid is not null && !ProgramPath.Exists(command)) throw Missing(command, null);
        ChildGuard.Start();
        try
        {
            var shell = Shell.Run(program, arguments, options =>
            {
                options.ThrowOnError(false);
                options.DisposeOnExit(false);
                options.Encoding(new UTF8Encoding(false));
                if (command.WorkingDirectory is { } directory) options.WorkingDirectory(directory);
                options.EnvironmentVariables(command.Environment);
            });
            ChildGuard.Watch(shell.ProcessId);
            return shell;
        }
        catch (Win32Exception exception)
        {
            throw command.WorkingDirectory is { } directory && !Directory.Exists(directory)
                ? new CommandFailedException(command, $"could not be started: there is no directory {directory}", exception)
                : Missing(command, exception);
        }
    }

    private static CommandFailedException Missing(Command command, Exception? exception) =>
        new(command, $"could not be started: {exception?.Message ?? "there is no such program"}. Is {command.Program} installed and on PATH?", exception);

    private static async Task<bool> EndsBeforeAsync(Task<CommandResult> ended, CancellationToken deadline)
    {
        await ((Task)ended.WaitAsync(deadline)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !deadline.IsCancellationRequested;
    }

    /// <summary>Asks the program to end, and after its patience kills it with all that it has started.</summary>
    /// <returns>Whether it had ended well by itself, before it was asked.</returns>
    private static async Task<bool> StopAsync(Command command, Shell shell, Task<CommandResult> ended)
    {
        var hadEnded = ended.IsCompleted || shell.Process.HasExited;
        if (!hadEnded && command.StopPatience > TimeSpan.Zero && ProcessKiller.Ask(shell, IsGroupLeader))
            await Task.WhenAny(ended, Task.Delay(command.StopPatience, CancellationToken.None));
        KillTree(shell);
        // A process that the program left behind may hold the output open for ever, so the wait is bounded after a kill.
        await Task.WhenAny(ended, Task.Delay(KillPatience, CancellationToken.None));
        return hadEnded && ended.IsCompletedSuccessfully && (await ended).Succeeded;
    }

    private static void Leave(Shell shell)
    {
        ChildGuard.Forget(shell.ProcessId);
        ((IDisposable)shell).Dispose();
    }

    private static void KillTree(Shell shell) => ProcessKiller.KillTree(shell, IsGroupLeader);

    private sealed class Running(Command command, Shell shell) : IRunningCommand
    {
        private int _disposed;

        public Task<CommandResult> Ended { get; } = EndAsync(command, shell);

        public Stream Input => shell.StandardInput.BaseStream;

        public Stream Output => shell.StandardOutput.BaseStream;

        public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
        {
            await shell.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
            await shell.StandardInput.BaseStream.FlushAsync(cancellationToken);
        }

        public async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // The overload with a token blocks a thread per read on this kind of reader.
#pragma warning disable CA2016
            while (await shell.StandardOutput.ReadLineAsync().WaitAsync(cancellationToken) is { } line)
#pragma warning restore CA2016
                yield return line;
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
            try
            {
                shell.StandardInput.Close();
            }
            catch (IOException)
            {
                // Already ended.
            }
            if (await Task.WhenAny(Ended, Task.Delay(command.EndPatience)) != Ended) KillTree(shell);
            await Task.WhenAny(Ended, Task.Delay(KillPatience));
            Leave(shell);
        }

        private static async Task<CommandResult> EndAsync(Command command, Shell shell)
        {
            var error = new LineReader(shell.StandardError, command.OutputLimit, command.OnErrorLine ?? command.OnLine);
            var reading = error.ReadToEndAsync();
            var result = await shell.Task;
            return new CommandResult(command, result.ExitCode, "", await reading) { IsCut = error.IsCut };
        }
    }
}
