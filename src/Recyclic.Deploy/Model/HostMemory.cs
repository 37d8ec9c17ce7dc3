using System.Globalization;

namespace Recyclic.Deploy.Model;

/// <summary>What the engine's host has of memory, in bytes.</summary>
/// <param name="Total">In all; 0: it could not be read.</param>
/// <param name="Available">What new processes can have before anything is swapped out.</param>
/// <param name="Swap">Free space to swap out to.</param>
/// <param name="Limit">What all containers together may take, where a control group says so; null: as much as there is.</param>
internal sealed record HostMemory(long Total, long Available, long Swap, long? Limit)
{
    private const long Kilobyte = 1024;

    /// <summary>It was asked for and could not be read.</summary>
    public static HostMemory Unreadable { get; } = new(0, 0, 0, null);

    public bool IsRead => Total > 0;

    /// <summary>Whether all of it counts as free, for nobody has looked yet; default false.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Of a host of which only that is known.</summary>
    public static HostMemory InAll(long total) => new(total, total, 0, null) { IsWhole = true };

    /// <summary>
    /// What the agent says: kilobytes in all, available and of swap, then a control group's limit in bytes or `-`.
    /// </summary>
    public static HostMemory Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
            words is [var all, var free, var swap, ..]
            && Amount(all) is > 0 and var total
            && Amount(free) is { } available
            && available <= total
            ? new(total, available, Amount(swap) ?? 0, LimitOf(words.ElementAtOrDefault(3), total))
            : Unreadable;
    }

    /// <summary>A group without a limit says a number that no host has.</summary>
    private static long? LimitOf(string? word, long total) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit > 0
        && limit < total
            ? limit
            : null;

    private static long? Amount(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
        && kilobytes < long.MaxValue / Kilobyte
            ? kilobytes * Kilobyte
            : null;
}
