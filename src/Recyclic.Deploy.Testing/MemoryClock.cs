namespace Recyclic.Deploy.Testing;

/// <summary>
/// A clock that moves only when told, except that it jumps over short waits at once: a timer due within
/// <paramref name="jump"/> moves the clock to its moment and fires. Longer ones fire when <see cref="Advance"/> passes
/// them.
/// </summary>
internal sealed class MemoryClock(TimeSpan jump = default) : TimeProvider
{
    /// <summary>When the time of a host in memory begins.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = Noon;
    private TimeSpan _wrong;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now + _wrong;
    }

    public override long GetTimestamp()
    {
        lock (_gate)
            return _now.UtcTicks;
    }

    /// <summary>Somebody sets the clock. No time passes by that, and no timer fires.</summary>
    public void Set(TimeSpan by)
    {
        lock (_gate)
            _wrong += by;
    }

    /// <summary>How many timers are waiting for the clock to move.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.At <= _now)];
            foreach (var timer in due)
                _timers.Remove(timer);
        }
        foreach (var timer in due)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Schedule(Timer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.At = _now + dueTime;
            if (dueTime > jump && dueTime > TimeSpan.Zero)
            {
                _timers.Add(timer);
                return;
            }
            _now = timer.At;
        }
        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
    }

    private sealed class Timer(MemoryClock time, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _disposed;

        public DateTimeOffset At { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Schedule(this, dueTime);
            return true;
        }

        public void Fire()
        {
            if (!_disposed)
                callback(state);
        }

        public void Dispose()
        {
            _disposed = true;
            time.Schedule(this, Timeout.InfiniteTimeSpan);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
