using System.Threading.Channels;

namespace Recyclic.Deploy.Testing;

/// <summary>What one process asks of a <see cref="MemoryCluster"/>, and what it changes there.</summary>
internal sealed class MemoryCalls(MemoryCluster cluster, MemoryProcess process)
{
    private volatile ChannelReader<ContainerEvent>? _told;

    public MemoryCluster Cluster => cluster;

    public Task<T> AskAsync<T>(string question, Func<T> answer, CancellationToken cancellationToken) =>
        process.CallAsync(question, answer, cancellationToken);

    public Task ChangeAsync(string what, Action change, CancellationToken cancellationToken) =>
        ChangeAsync(what, cancellationToken, change);

    /// <summary>
    /// Returns only when the process has heard of what the change did: so a test does not hang on who is faster.
    /// </summary>
    /// <param name="parts">Done in turn; a process may fail or die between two of them.</param>
    public async Task ChangeAsync(string what, CancellationToken cancellationToken, params Action[] parts)
    {
        await process.CallAsync(
            what,
            [.. parts.Select(part => (Action)(() => cluster.Change(what, part)))],
            cancellationToken
        );
        while (_told is { } told && told.TryPeek(out _))
            await Task.Yield();
    }

    /// <summary>The process reads the events of the host from here.</summary>
    public void Listens(ChannelReader<ContainerEvent> events)
    {
        _told = events;
        process.NowListens();
    }

    public void ListensNoMore() => _told = null;
}
