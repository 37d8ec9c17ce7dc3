using System.Globalization;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Names the process that listens on a port, as far as Linux tells this user.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>For example `nginx (process 812)`; null when it cannot be told.</summary>
    public static string? Describe(int port)
    {
        try
        {
            var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
                .Where(File.Exists)
                .SelectMany(File.ReadLines)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields =>
                    fields.Length > 9
                    && fields[3] == Listening
                    && fields[1]
                        .EndsWith(":" + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                )
                .Select(fields => $"socket:[{fields[9]}]")
                .ToHashSet();
            if (sockets.Count == 0)
                return null;
            var owner = Directory
                .EnumerateDirectories("/proc")
                .FirstOrDefault(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && Holds(process, sockets));
            return owner is null
                ? null
                : $"{File.ReadAllText(owner + "/comm").Trim()} (process {Path.GetFileName(owner)})";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory
                .EnumerateFileSystemEntries(process + "/fd")
                .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has ended in the meantime.
            return false;
        }
    }
}
