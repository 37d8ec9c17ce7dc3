using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Components.Setup;

/// <summary>Pure: who holds locks, and what apt says where one is held.</summary>
internal static class LockHolders
{
    /// <summary>The locks that apt and dpkg take, below the root.</summary>
    public static readonly ImmutableArray<string> Files =
    [
        "var/lib/dpkg/lock-frontend",
        "var/lib/dpkg/lock",
        "var/lib/apt/lists/lock",
        "var/cache/apt/archives/lock",
    ];

    /// <summary>
    /// Processes with a lock of the kind that apt takes, from `/proc/locks`; one that waits for a lock does not hold
    /// it.
    /// </summary>
    public static ImmutableArray<int> Read(IEnumerable<string> lines) =>
        [
            .. lines
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields =>
                    fields is [_, "POSIX", _, "WRITE", _, ..]
                    && int.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out _)
                )
                .Select(fields => int.Parse(fields[4], CultureInfo.InvariantCulture))
                .Distinct(),
        ];

    /// <summary>Whether apt ended because somebody else was at work.</summary>
    public static bool IsLockError(string errors) =>
        errors.Contains("Could not get lock", StringComparison.Ordinal)
        || errors.Contains("Unable to lock", StringComparison.Ordinal);
}
