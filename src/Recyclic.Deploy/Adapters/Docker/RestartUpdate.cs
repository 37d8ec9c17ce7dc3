using System.Diagnostics;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Sets when containers start again by themselves. The engine refuses this for a container that ends at that very
/// moment, as one that crashes at once does again and again, and then nothing has changed: so it is asked again until 5
/// s have passed. </summary>
internal sealed class RestartUpdate(HostChanges changes)
{
    private const string Refused = "Cannot update container";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="Recyclic.Processes.CommandFailedException">The engine refused all the time, or for another
    /// reason.</exception>
    public async Task RunAsync(
        string policy,
        IReadOnlyCollection<string> containers,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var result = await changes.SetRestartAsync(policy, containers, expected, cancellationToken);
            var mayPass =
                result.StandardError.Contains(Refused, StringComparison.OrdinalIgnoreCase)
                && Stopwatch.GetElapsedTime(started) < Patience;
            if (result.Succeeded || !mayPass)
            {
                result.EnsureSuccess();
                return;
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
