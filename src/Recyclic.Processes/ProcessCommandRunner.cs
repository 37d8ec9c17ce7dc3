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
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(3);

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Timeout);
        var shell = StartShell(command);
        try
        {
            await using var killer = deadline.Token.Register(() => KillTree(shell));
            var ended = EndAsync(command, shell);
            // A process that the program left behind may hold the output open for ever, so the wait is bounded after a kill.
            if (await EndsBeforeAsync(ended, deadline.Token)) return await ended;
            await Task.WhenAny(ended, Task.Delay(KillPatience, CancellationToken.None));
            if (ended.IsCompletedSuccessfully && (await ended).Succeeded) return await ended;
            cancellationToken.ThrowIfCancellationRequested();
            throw new CommandFailedException(command, $"was killed after its timeout of {command.Timeout.TotalSeconds:0.#} s");
        }
        finally
        {
            ((IDisposable)shell).Dispose();
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
            ChildGuard.Watch(shell.Process);
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

    private static async Task<CommandResult> EndAsync(Command command, Shell shell)
    {
        var output = ReadAllAsync(shell.StandardOutput, command.OnLine);
        var error = ReadAllAsync(shell.StandardError, command.OnLine);
        await WriteInputAsync(shell, command.StandardInput);
        var result = await shell.Task;
        return new CommandResult(command, result.ExitCode, await output, await error);
    }

    private static async Task<bool> EndsBeforeAsync(Task<CommandResult> ended, CancellationToken deadline)
    {
        await ((Task)ended.WaitAsync(deadline)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !deadline.IsCancellationRequested;
    }

    private static void KillTree(Shell shell) => ProcessKiller.KillTree(shell, isGroupLeader: Setsid is not null);

    private static async Task WriteInputAsync(Shell shell, string input)
    {
        try
        {
            if (input.Length > 0) await shell.StandardInput.WriteAsync(input);
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading its input; its exit code tells the story.
        }
    }

    private static async Task<string> ReadAllAsync(TextReader reader, Action<string>? onLine)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            onLine?.Invoke(line);
        }
        return text.ToString();
    }

    private sealed class Running(Command command, Shell shell) : IRunningCommand
    {
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
            ((IDisposable)shell).Dispose();
        }

        private static async Task<CommandResult> EndAsync(Command command, Shell shell)
        {
            var error = ReadAllAsync(shell.StandardError, command.OnLine);
            var result = await shell.Task;
            return new CommandResult(command, result.ExitCode, "", await error);
        }
    }
}
