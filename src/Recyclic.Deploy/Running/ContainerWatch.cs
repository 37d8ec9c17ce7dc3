using System.Threading.Channels;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Listens to the engine's events for the length of a deploy, so that nothing between two steps goes unseen.
/// </summary>
internal sealed class ContainerWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ContainerEvent> _seen = [];
    private readonly List<Channel<ContainerEvent>> _listeners = [];
    private readonly Lock _gate = new();
    private readonly Task _listening;
    private bool _ended;

    public ContainerWatch(IHealthSource health, string app, DateTimeOffset since) =>
        _listening = Task.Run(() => ListenAsync(health, app, since));

    /// <summary>
    /// A place in the stream of events: taken before containers are looked at, it leaves no gap after the look.
    /// </summary>
    public int Mark
    {
        get
        {
            lock (_gate)
                return _seen.Count;
        }
    }

    /// <summary>What has happened since a mark.</summary>
    public IReadOnlyList<ContainerEvent> Since(int mark)
    {
        lock (_gate)
            return [.. _seen.Skip(mark)];
    }

    /// <summary>The events from a mark on. To be disposed by the reader.</summary>
    public Subscription Subscribe(int mark)
    {
        var channel = Channel.CreateUnbounded<ContainerEvent>();
        lock (_gate)
        {
            foreach (var happened in _seen.Skip(mark))
                channel.Writer.TryWrite(happened);
            if (_ended)
                channel.Writer.TryComplete();
            else
                _listeners.Add(channel);
        }
        return new Subscription(
            channel,
            () =>
            {
                lock (_gate)
                    _listeners.Remove(channel);
            }
        );
    }

    /// <summary>Adds what was found out otherwise than from the engine.</summary>
    public void Tell(ContainerEvent happened)
    {
        lock (_gate)
        {
            _seen.Add(happened);
            foreach (var listener in _listeners)
                listener.Writer.TryWrite(happened);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync(IHealthSource health, string app, DateTimeOffset since)
    {
        try
        {
            await foreach (var happened in health.WatchAsync(app, since, _stop.Token))
                Tell(happened);
        }
        catch (Exception)
        {
            // The deploy is over, or the engine broke off: whoever waits for an event is told that none will come.
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                foreach (var listener in _listeners)
                    listener.Writer.TryComplete();
            }
        }
    }

    /// <summary>One reader's place in the events.</summary>
    public sealed class Subscription(Channel<ContainerEvent> channel, Action unsubscribe) : IDisposable
    {
        /// <summary>The next event.</summary>
        /// <exception cref="StepFailedException">The engine stopped telling.</exception>
        public async Task<ContainerEvent> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await channel.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException)
            {
                throw new StepFailedException(
                    "the engine stopped telling what happens to its containers",
                    ["`docker events` ended; is the engine still running, and can it be reached?"]
                );
            }
        }

        /// <summary>The next event if it has happened already, or null.</summary>
        public ContainerEvent? TryNext() => channel.Reader.TryRead(out var happened) ? happened : null;

        public void Dispose() => unsubscribe();
    }
}
