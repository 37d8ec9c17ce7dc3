using System.ComponentModel;
using System.Diagnostics;

namespace Recyclic.Processes;

/// <summary>
/// Runs a program that has this process's own standard input, output and error, each byte as it is, and its terminal
/// where there is one: what is pressed there reaches the program too.
/// </summary>
public static class AttachedProgram
{
    /// <summary>Runs a command to its end, however long that takes: a person sits before it.</summary>
    /// <param name="command">Its input, timeout and listeners do not count.</param>
    /// <returns>Its exit code; 128 and the signal's number where a signal ended it.</returns>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the program has ended.</exception>
    public static async Task<int> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ChildGuard.Start();
        using var process = Start(command);
        ChildGuard.Watch(process.Id);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process, command.StopPatience);
            throw;
        }
        finally
        {
            ChildGuard.Forget(process.Id);
        }
    }

    private static Process Start(Command command)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments) { UseShellExecute = false };
        if (command.WorkingDirectory is { } directory)
            info.WorkingDirectory = directory;
        foreach (var (name, value) in ChildProcess.VariablesOf(command))
            if (value is null)
                info.Environment.Remove(name);
            else
                info.Environment[name] = value;
        try
        {
            return Process.Start(info) ?? throw new CommandFailedException(command, "could not be started");
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailedException(command, $"could not be started: {exception.Message}", exception);
        }
    }

    /// <summary>Asks it to end, and kills it where it does not.</summary>
    private static async Task StopAsync(Process process, TimeSpan patience)
    {
        if (process.HasExited)
            return;
        ProcessKiller.Ask(process.Id);
        using var limit = new CancellationTokenSource(patience);
        await ((Task)process.WaitForExitAsync(limit.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited)
            return;
        process.Kill(entireProcessTree: true);
        using var last = new CancellationTokenSource(ProcessCommandRunner.KillPatience);
        await ((Task)process.WaitForExitAsync(last.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
