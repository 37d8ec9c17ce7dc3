using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// An agent that is being started for a lock that may be wanted soon. Whoever takes it is its owner then.
/// </summary>
internal sealed class StandByAgent(string app, Task<AgentSession?> starting) : IStandBy
{
    private int _taken;

    public string App => app;

    /// <summary>The agent, once; null when it did not start, or was taken before.</summary>
    public async Task<AgentSession?> TakeAsync() => Interlocked.Exchange(ref _taken, 1) == 0 ? await starting : null;

    public async ValueTask DisposeAsync()
    {
        if (await TakeAsync() is { } unused)
            await unused.DisposeAsync();
    }
}
