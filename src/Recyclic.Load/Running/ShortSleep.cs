using System.Runtime.InteropServices;

namespace Recyclic.Load;

/// <summary>
/// Sleeps for less than a millisecond without spinning. The platform's own sleep counts whole milliseconds, which would
/// add half a millisecond to every latency at 1,000 requests a second.
/// </summary>
internal static class ShortSleep
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(10);

    /// <summary>Sleeps about this long, at most 10 ms.</summary>
    public static void For(TimeSpan time)
    {
        var bounded =
            time < Shortest ? Shortest
            : time > Longest ? Longest
            : time;
        if (OperatingSystem.IsLinux() && nint.Size == 8)
        {
            var request = new TimeSpec { Seconds = 0, Nanoseconds = (long)bounded.TotalNanoseconds };
            _ = NanoSleep(in request, 0);
        }
        else
        {
            Thread.Sleep(Math.Max(1, (int)bounded.TotalMilliseconds));
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
