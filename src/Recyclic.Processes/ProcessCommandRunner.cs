using System.ComponentModel;

namespace Recyclic.Processes;

/// <summary>
/// Runs programs with CliWrap. Children get a session of their own where <c>setsid</c> exists, so that Ctrl-C in a
/// terminal reaches this process only: it decides what is cancelled and what must finish, for example an undo.
/// </summary>
public sealed class ProcessCommandRunner : ICommandRunner
{
    internal static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(command.Timeout);
        var conversation = new Conversation(command);
        using var child = Start(command, conversation.Start);
        var ended = conversation.EndAsync(child);
        if (await EndsBeforeAsync(ended, deadline.Token))
            return await ended;
        if (await StopAsync(command, child, ended))
            return await ended;
        cancellationToken.ThrowIfCancellationRequested();
        throw conversation.Failure($"was stopped after its timeout of {command.Timeout.TotalSeconds:0.###} s");
    }

    /// <inheritdoc/>
    public IRunningCommand Start(Command command) => new RunningProcess(command, start => Start(command, start));

    private static ChildProcess Start(Command command, Func<ChildProcess> start)
    {
        if (ChildProcess.Setsid is not null && !ProgramPath.Exists(command))
            throw Missing(command, null);
        try
        {
            return start();
        }
        catch (Win32Exception exception)
        {
            throw command.WorkingDirectory is { } directory && !Directory.Exists(directory)
                ? new CommandFailedException(
                    command,
                    $"could not be started: there is no directory {directory}",
                    exception
                )
                : Missing(command, exception);
        }
    }

    private static CommandFailedException Missing(Command command, Exception? exception) =>
        new(
            command,
            $"could not be started: {exception?.Message ?? "there is no such program"}. Is {command.Program} installed and on PATH?",
            exception
        );

    private static async Task<bool> EndsBeforeAsync(Task<CommandResult> ended, CancellationToken deadline)
    {
        await ((Task)ended.WaitAsync(deadline)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !deadline.IsCancellationRequested;
    }

    /// <summary>Asks the program to end, and after its patience kills it with all that it has started.</summary>
    /// <returns>Whether it had ended well by itself, before it was asked.</returns>
    private static async Task<bool> StopAsync(Command command, ChildProcess child, Task<CommandResult> ended)
    {
        var hadEnded = ended.IsCompleted || child.HasExited;
        if (!hadEnded && command.StopPatience > TimeSpan.Zero && ProcessKiller.Ask(child))
            await Task.WhenAny(ended, Task.Delay(command.StopPatience, CancellationToken.None));
        ProcessKiller.KillTree(child);
        // A process that the program left behind may hold the output open for ever, so the wait is bounded after a
        // kill.
        await Task.WhenAny(ended, Task.Delay(KillPatience, CancellationToken.None));
        return hadEnded && ended.IsCompletedSuccessfully && (await ended).Succeeded;
    }
}
