using System.Globalization;

namespace Recyclic.Components.Metrics;

/// <summary>What the processors did since the machine started, in ticks.</summary>
internal readonly record struct CpuTicks(long Busy, long Total)
{
    /// <summary>The busy share between two readings in percent; null when too close together to tell.</summary>
    public double? PercentSince(CpuTicks earlier)
    {
        const int fewest = 5;
        var total = Total - earlier.Total;
        return total < fewest ? null : Math.Round(100.0 * Math.Clamp(Busy - earlier.Busy, 0, total) / total, 1);
    }
}

/// <summary>Pure: reads the text of Linux' `/proc` files. Null: not as expected.</summary>
internal static class ProcText
{
    /// <summary>
    /// The first line of `/proc/stat`: `cpu user nice system idle iowait irq softirq steal guest guest_nice`.
    /// </summary>
    public static CpuTicks? Cpu(string stat)
    {
        var fields = stat.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not ["cpu", _, _, _, _, ..])
            return null;
        // The last two, guest times, are part of user and nice already.
        var ticks = new List<long>();
        foreach (var field in fields.Skip(1).Take(8))
        {
            if (!long.TryParse(field, CultureInfo.InvariantCulture, out var value))
                return null;
            ticks.Add(value);
        }
        var idle = ticks[3] + ticks.ElementAtOrDefault(4);
        return new CpuTicks(ticks.Sum() - idle, ticks.Sum());
    }

    /// <summary>The share of memory that no program could get, by `/proc/meminfo`.</summary>
    public static double? MemoryPercent(string meminfo) =>
        Kilobytes(meminfo, "MemTotal:") is { } total
        && total > 0
        && Kilobytes(meminfo, "MemAvailable:") is { } available
            ? Math.Round(100.0 * Math.Clamp(total - available, 0, total) / total, 1)
            : null;

    private static long? Kilobytes(string meminfo, string name)
    {
        var line = meminfo.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [_, var amount, ..] && long.TryParse(amount, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }
}
