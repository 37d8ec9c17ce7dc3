using System.Collections.Concurrent;
using System.Globalization;

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// Reads the command lines of all processes, as anybody on the machine can, as often as it can, until it is stopped.
/// </summary>
internal sealed class CommandLines : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _found = new();
    private readonly Task _watching;
    private int _read;

    public CommandLines(string secret) => _watching = WatchAsync(secret);

    /// <summary>The command lines that held the secret.</summary>
    public async Task<ICollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _read.ShouldBeGreaterThan(1000, "command lines that were read");
        return _found.Keys;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WatchAsync(string secret)
    {
        while (true)
        {
            foreach (
                var process in Directory
                    .EnumerateDirectories("/proc")
                    .Where(path =>
                        int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    )
            )
            {
                try
                {
                    var line = await File.ReadAllTextAsync(Path.Combine(process, "cmdline"), _stop.Token);
                    _read++;
                    if (line.Contains(secret, StringComparison.Ordinal))
                        _found[line.Replace('\0', ' ')] = true;
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
            await Task.Delay(Pause, _stop.Token);
        }
    }
}
