namespace Recyclic.Load;

/// <summary>
/// A time in which a version may answer requests that start in it. Periods of neighbours overlap by their cutover: the
/// old one is live until the cutover has been confirmed, the new one from the moment it was asked for.
/// </summary>
/// <param name="Version">As the classifier reads it.</param>
/// <param name="FromUnixMs">Milliseconds since 1970 UTC.</param>
/// <param name="UntilUnixMs">Milliseconds since 1970 UTC.</param>
public sealed record LivePeriod(string Version, double FromUnixMs, double UntilUnixMs)
{
    /// <summary>Live at first, and until a time.</summary>
    public static LivePeriod Until(string version, double unixMs) => new(version, double.NegativeInfinity, unixMs);

    /// <summary>Live from a time on.</summary>
    public static LivePeriod From(string version, double unixMs) => new(version, unixMs, double.PositiveInfinity);

    /// <summary>Whether a moment lies in the period.</summary>
    public bool Holds(double unixMs) => unixMs >= FromUnixMs && unixMs <= UntilUnixMs;
}
