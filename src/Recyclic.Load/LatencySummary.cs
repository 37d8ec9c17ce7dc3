namespace Recyclic.Load;

/// <summary>
/// Latency of answered requests from their scheduled time, in milliseconds; all 0 when there are none.
/// </summary>
/// <param name="P50Ms">The latency that half of the requests did not exceed.</param>
/// <param name="P90Ms">… that 90 % did not exceed.</param>
/// <param name="P99Ms">… that 99 % did not exceed.</param>
/// <param name="P999Ms">… that 99.9 % did not exceed.</param>
/// <param name="MaxMs">The longest.</param>
public sealed record LatencySummary(double P50Ms, double P90Ms, double P99Ms, double P999Ms, double MaxMs)
{
    internal static LatencySummary Of(IEnumerable<RequestRecord> records)
    {
        double[] sorted = [.. records.Select(record => record.Latency.TotalMilliseconds).Order()];
        return new LatencySummary(At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.99), At(sorted, 0.999), At(sorted, 1));
    }

    /// <summary>The smallest latency that at least this share of requests did not exceed.</summary>
    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 3);
}
