namespace Recyclic.Components.Metrics.Adapters;

/// <summary>
/// Reads the load of this machine. Make it when a deploy begins and read it when it ends: the processor's share is the
/// average in between, which needs no waiting. Reads files only; never throws.
/// </summary>
/// <param name="rootDirectory">A directory on the disk to report.</param>
/// <param name="procDirectory">Where Linux tells of itself; elsewhere processor and memory are null.</param>
internal sealed class HostProbe(string rootDirectory, string procDirectory = "/proc")
{
    private readonly CpuTicks? _start = Cpu(procDirectory);

    /// <summary>The load now, with what the caller counted on the Docker host.</summary>
    public SystemMetrics Read(int? containersRunning, int? images)
    {
        var cpu = _start is { } start && Cpu(procDirectory) is { } now ? now.PercentSince(start) : null;
        var memory = Text(procDirectory, "meminfo") is { } meminfo ? ProcText.MemoryPercent(meminfo) : null;
        return new SystemMetrics(cpu, memory, DiskPercent(), containersRunning, images);
    }

    private static CpuTicks? Cpu(string procDirectory) =>
        Text(procDirectory, "stat") is { } stat ? ProcText.Cpu(stat) : null;

    private static string? Text(string procDirectory, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(procDirectory, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As `df` counts: what is kept for root is neither used nor free.</summary>
    private double? DiskPercent()
    {
        try
        {
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(rootDirectory)! : rootDirectory);
            var used = drive.TotalSize - drive.TotalFreeSpace;
            var all = used + drive.AvailableFreeSpace;
            return all > 0 ? Math.Round(100.0 * used / all, 1) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
