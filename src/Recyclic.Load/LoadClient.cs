using System.Collections.Immutable;

namespace Recyclic.Load;

/// <summary>
/// An open-loop HTTP/1.1 client: requests are sent at fixed times by rate, never later because the server is slow, and
/// latency counts from the scheduled time. Nothing is ever sent twice. One client runs one plan once.
/// </summary>
public sealed class LoadClient : IAsyncDisposable
{
    private readonly LoadPlan _plan;
    private readonly LoadClock _clock = new();
    private readonly RequestLog _log = new();
    private ImmutableArray<Destination> _destinations = [];
    private Dispatcher? _dispatcher;
    private CancellationTokenRegistration _cancellation;

    /// <exception cref="ArgumentException">The plan is invalid.</exception>
    public LoadClient(LoadPlan plan) => _plan = plan.Validated();

    /// <summary>Where the load stands. May be read at any time, from any thread.</summary>
    public LoadCounters Counters => _log.Counters();

    /// <summary>Runs a plan for a time.</summary>
    /// <param name="plan">What load to make.</param>
    /// <param name="duration">How long requests become due; then those under way are waited for, at most for the plan's
    /// timeout.</param>
    /// <param name="cancellationToken">Ends the load at once; the result has what was done until then.</param>
    public static async Task<LoadResult> RunAsync(LoadPlan plan, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var client = new LoadClient(plan with { MaxDuration = duration });
        await client.StartAsync(cancellationToken);
        await client._dispatcher!.Finished;
        return client.Result();
    }

    /// <summary>Resolves the targets and begins to send; returns at once.</summary>
    /// <param name="cancellationToken">Ends the load at any later time; requests under way then count as cancelled, not
    /// as failed.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_dispatcher is not null)
            throw new InvalidOperationException("A load client runs once; make a new one for another run.");
        var resolving = _plan.Targets.Select(target =>
            Destination.ResolveAsync(target, _plan.IdleLifetime, cancellationToken)
        );
        _destinations = [.. await Task.WhenAll(resolving)];
        _dispatcher = new Dispatcher(_plan, _destinations, _log, _clock);
        _dispatcher.Start();
        _cancellation = cancellationToken.Register(_dispatcher.Cancel);
    }

    /// <summary>
    /// Sends no further request, waits for those under way, at most for the plan's timeout, and gives the result.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting: requests under way are ended and count as cancelled.</param>
    public async Task<LoadResult> StopAsync(CancellationToken cancellationToken)
    {
        var dispatcher = _dispatcher ?? throw new InvalidOperationException("The load client has not been started.");
        dispatcher.Stop();
        await using var impatience = cancellationToken.Register(dispatcher.Cancel);
        await dispatcher.Finished;
        return Result();
    }

    /// <summary>Everything that has finished so far.</summary>
    public LoadResult Result()
    {
        var (sent, records) = _log.Snapshot();
        return new LoadResult(sent, records)
        {
            StaleConnections = _destinations.Sum(destination => destination.Pool.Stale),
        };
    }

    /// <summary>Ends the load if it is still running.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cancellation.DisposeAsync();
        if (_dispatcher is { } dispatcher)
        {
            dispatcher.Cancel();
            await dispatcher.Finished.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        foreach (var destination in _destinations)
            destination.Dispose();
    }
}
