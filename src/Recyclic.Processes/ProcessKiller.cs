using System.Runtime.InteropServices;

namespace Recyclic.Processes;

/// <summary>Ends a program with all that it has started.</summary>
internal static class ProcessKiller
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;

    private static bool IsGroupLeader => ChildProcess.Setsid is not null;

    /// <summary>Asks a program, and those in its group, to end.</summary>
    /// <returns>Whether it could be asked; not on Windows.</returns>
    public static bool Ask(ChildProcess child) =>
        !OperatingSystem.IsWindows()
        && ((IsGroupLeader && Kill(-child.Id, TerminateSignal) == 0) || Kill(child.Id, TerminateSignal) == 0);

    /// <summary>Asks a program that leads no group of its own.</summary>
    public static void Ask(int id)
    {
        if (!OperatingSystem.IsWindows())
            _ = Kill(id, TerminateSignal);
    }

    /// <summary>Kills it, what it has started, and those that it left behind in its group when it ended.</summary>
    public static void KillTree(ChildProcess child)
    {
        child.KillTree();
        if (IsGroupLeader && !IsAnothers(child))
            _ = Kill(-child.Id, KillSignal);
    }

    /// <summary>
    /// Whether the number of a program that has ended was given to somebody since. No number is, while its group has
    /// members.
    /// </summary>
    private static bool IsAnothers(ChildProcess child) => child.HasExited && Directory.Exists($"/proc/{child.Id}");

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int processId, int signal);
}
