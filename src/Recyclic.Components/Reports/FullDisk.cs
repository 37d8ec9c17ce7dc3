using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what to do where a failure says that a disk is full, which is no fault of the release.</summary>
internal static class FullDisk
{
    private static readonly string[] Signs = ["no space left on device", "disk quota exceeded", "ENOSPC"];

    /// <param name="said">The failure's message and evidence.</param>
    /// <param name="freeMegabytes">Free where the engine keeps its data, after the undo; null: not known.</param>
    /// <returns>Null: nothing says that a disk is full.</returns>
    public static string? Advice(IEnumerable<string> said, long? freeMegabytes)
    {
        if (!said.Any(line => Signs.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase))))
            return null;
        // The undo has taken away what the new release had written, so much more than the least may be free again.
        return freeMegabytes is { } free && free > 10 * Preconditions.LeastFreeMegabytes
            ? $"a disk is full, as the line above says, and not the engine's own, which has {free} MB free: a volume or a tmpfs with a size, or a disk that is mounted; make room there, or raise its size, and run the same command again"
            : $"the engine's disk is full{(freeMegabytes is { } left ? $" ({left} MB are free)" : "")}: `docker system df` shows what takes it, `docker builder prune` and `docker image prune` free what nothing uses; then run the same command again";
    }
}
