using System.Runtime.InteropServices;

namespace Recyclic.Build.Adapters;

/// <summary>
/// The system's own table of what happens on a signal. The runtime enters its handler there once, the first time that a
/// console, a program or a signal is asked for, and never looks again: an entry that somebody resets afterwards stays
/// reset, whatever is registered. </summary>
internal static class SignalHandlers
{
    private const int Interrupt = 2;
    private const int LongestEntry = 256;
    private const nint Default = 0;
    private const nint Ignore = 1;

    private static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>
    /// Makes SIGINT known to the runtime where the process was started with it ignored. A shell script starts its
    /// background jobs so, and the runtime leaves it so: <c>./build.sh Deploy &amp;</c> could not be interrupted. To be
    /// called when the signal is registered. The entry is that of SIGCONT, for which the runtime has the same handler
    /// in any case. SIGHUP stays ignored under <c>nohup</c>, as its user asked.
    /// </summary>
    public static void StopIgnoringInterrupts()
    {
        if (OperatingSystem.IsWindows())
            return;
        var entry = new byte[LongestEntry];
        if (Exchange(Interrupt, null, entry) != 0 || HandlerIn(entry) != Ignore)
            return;
        if (Exchange(Continue, null, entry) == 0 && HandlerIn(entry) is not (Default or Ignore))
            _ = Exchange(Interrupt, entry, null);
    }

    /// <summary>On every system that has signals an entry begins with its handler.</summary>
    private static nint HandlerIn(byte[] entry) => MemoryMarshal.Read<nint>(entry);

    [DllImport("libc", EntryPoint = "sigaction")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Exchange(int signal, byte[]? after, byte[]? before);
}
