using System.Diagnostics;

namespace Recyclic.Load;

/// <summary>
/// Ties <see cref="Stopwatch"/> ticks to the wall clock at one moment, so that requests can be compared with times from
/// elsewhere on the same machine (for example engine events) and yet never jump when the wall clock is set.
/// </summary>
public sealed class LoadClock
{
    private readonly long _ticks;
    private readonly double _unixMilliseconds;

    /// <summary>Ties both clocks now.</summary>
    public LoadClock()
    {
        _ticks = Stopwatch.GetTimestamp();
        _unixMilliseconds = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
    }

    /// <summary>The current moment in <see cref="Stopwatch"/> ticks.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Wall clock of a moment in milliseconds since 1970 UTC.</summary>
    public double UnixMilliseconds(long ticks) => _unixMilliseconds + (ticks - _ticks) * 1000.0 / Stopwatch.Frequency;

    internal static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    internal static TimeSpan Span(long ticks) => TimeSpan.FromSeconds(ticks / (double)Stopwatch.Frequency);
}
