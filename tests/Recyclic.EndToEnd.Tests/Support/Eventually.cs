using System.Diagnostics;

namespace Recyclic.EndToEnd.Support;

/// <summary>Waits for something that another process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is yes; fails when it is not in time.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        TimeSpan deadline,
        string what,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > deadline)
                throw new TimeoutException($"not within {deadline.TotalSeconds:0} s: {what}");
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
