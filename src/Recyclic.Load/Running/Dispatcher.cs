using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>
/// Sends each request when it is due, from a thread of its own, so that neither a slow server nor a busy thread pool
/// can delay the schedule. The same thread ends requests that are out of time: one queue instead of a timer a request.
/// </summary>
internal sealed class Dispatcher(
    LoadPlan plan,
    ImmutableArray<Destination> destinations,
    RequestLog log,
    LoadClock clock
)
{
    private readonly Queue<Exchange> _underWay = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _timeoutTicks = LoadClock.Ticks(plan.Timeout);
    private readonly LoadClock _clock = clock;
    private int _inFlight;
    private volatile bool _stopping;
    private volatile bool _cancelled;

    /// <summary>Completes when no request is due any more and none is under way.</summary>
    public Task Finished => _finished.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "recyclic-load" }.Start();

    /// <summary>No further request becomes due; those under way may end, at most for the plan's timeout.</summary>
    public void Stop() => _stopping = true;

    /// <summary>As <see cref="Stop"/>, and requests under way are ended at once.</summary>
    public void Cancel() => (_cancelled, _stopping) = (true, true);

    private void Run()
    {
        try
        {
            Send();
            while (Volatile.Read(ref _inFlight) > 0)
            {
                EndOverdue();
                ShortSleep.For(TimeSpan.FromMilliseconds(1));
            }
            _finished.TrySetResult();
        }
        catch (Exception exception)
        {
            _finished.TrySetException(exception);
        }
    }

    private void Send()
    {
        var start = LoadClock.Now;
        var end = start + LoadClock.Ticks(plan.MaxDuration);
        var arrivals = new Arrivals(plan.Targets, plan.NewConnectionShare, start);
        for (var next = arrivals.Next(); next.DueTicks < end; next = arrivals.Next())
        {
            for (var now = LoadClock.Now; now < next.DueTicks && !_stopping; now = LoadClock.Now)
            {
                EndOverdue();
                ShortSleep.For(LoadClock.Span(next.DueTicks - now));
            }
            if (_stopping)
                return;
            Send(next);
        }
    }

    private void Send(Arrival arrival)
    {
        log.CountSent();
        var exchange = new Exchange(arrival, destinations[arrival.Target], _clock, plan.Classify);
        if (Interlocked.Increment(ref _inFlight) > plan.MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            log.Add(exchange.Overflow(plan.MaxInFlight));
            return;
        }
        _underWay.Enqueue(exchange);
        _ = CarryOutAsync(exchange);
    }

    private async Task CarryOutAsync(Exchange exchange)
    {
        try
        {
            log.Add(await exchange.RunAsync());
        }
        catch (Exception exception)
        {
            // Only a classifier of the user's can throw here; it must not be taken for the server's failure.
            _finished.TrySetException(exception);
            Cancel();
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private void EndOverdue()
    {
        var overdue = LoadClock.Now - _timeoutTicks;
        while (_underWay.TryPeek(out var oldest) && (oldest.HasEnded || _cancelled || oldest.DueTicks < overdue))
        {
            oldest.Abort(timeout: !_cancelled);
            _underWay.Dequeue();
        }
    }
}
