using System.Net;

namespace Recyclic.Load;

/// <summary>Idle keep-alive connections to one address, the last used first.</summary>
internal sealed class ConnectionPool(IPEndPoint address, TimeSpan idleLifetime) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Connection> _idle = [];
    private readonly long _lifetimeTicks = LoadClock.Ticks(idleLifetime);
    private long _stale;
    private bool _disposed;

    /// <summary>
    /// Idle connections that were found closed by the other side, and thrown away before anything was sent.
    /// </summary>
    public long Stale => Interlocked.Read(ref _stale);

    /// <summary>A connection of its own, not yet open.</summary>
    public Connection Create() => new(address);

    /// <summary>An idle connection; null when there is none.</summary>
    public Connection? TryRent()
    {
        while (true)
        {
            Connection connection;
            lock (_lock)
            {
                if (_idle.Last is not { } last)
                    return null;
                connection = last.Value;
                _idle.RemoveLast();
            }
            var stale = connection.IsStale;
            if (!stale && LoadClock.Now - connection.LastUsedTicks <= _lifetimeTicks)
                return connection;
            if (stale)
                Interlocked.Increment(ref _stale);
            connection.Dispose();
        }
    }

    /// <summary>Takes a connection back, and closes those that have been idle for too long.</summary>
    public void Return(Connection connection)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                connection.Dispose();
                return;
            }
            _idle.AddLast(connection);
            while (_idle.First is { } first && LoadClock.Now - first.Value.LastUsedTicks > _lifetimeTicks)
            {
                _idle.RemoveFirst();
                first.Value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var connection in _idle)
                connection.Dispose();
            _idle.Clear();
        }
    }
}
