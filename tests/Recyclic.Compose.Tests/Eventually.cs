using System.Diagnostics;

namespace Recyclic.Compose.Tests;

/// <summary>Waits for something that another process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"not within {Deadline.TotalSeconds:0} s: {what}");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
