using System.ComponentModel;
using System.Runtime.InteropServices;
using Shell = Medallion.Shell.Command;

namespace Recyclic.Processes;

/// <summary>Ends a program with all that it has started.</summary>
internal static class ProcessKiller
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;

    /// <summary>Asks a program, and those in its group, to end.</summary>
    /// <returns>Whether it could be asked; not on Windows.</returns>
    public static bool Ask(Shell shell, bool isGroupLeader) =>
        !OperatingSystem.IsWindows() && ((isGroupLeader && Kill(-shell.ProcessId, TerminateSignal) == 0) || Kill(shell.ProcessId, TerminateSignal) == 0);

    /// <param name="shell">The program.</param>
    /// <param name="isGroupLeader">Whether it leads a process group, in which those live on that it left behind when it ended.</param>
    public static void KillTree(Shell shell, bool isGroupLeader)
    {
        try
        {
            shell.Process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself in the meantime.
        }
        if (isGroupLeader && !IsAnothers(shell)) _ = Kill(-shell.ProcessId, KillSignal);
    }

    /// <summary>Whether the number of a program that has ended was given to somebody since. No number is, while its group has members.</summary>
    private static bool IsAnothers(Shell shell) => shell.Process.HasExited && Directory.Exists($"/proc/{shell.ProcessId}");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int processId, int signal);
}
