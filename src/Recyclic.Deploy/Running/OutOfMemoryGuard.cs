using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Ends a deploy once something of the application was killed for want of memory, whichever release or accessory it is:
/// two releases at a time may be more than the host has, and the kernel does not ask whom users need.
/// </summary>
internal sealed class OutOfMemoryGuard : IAsyncDisposable
{
    private static readonly TimeSpan EvidenceDeadline = TimeSpan.FromSeconds(10);

    private readonly Platform _platform;
    private readonly string _app;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _fired = new();
    private readonly Task _listening;
    private volatile Container? _killed;

    public OutOfMemoryGuard(Platform platform, ContainerWatch watch, string app)
    {
        (_platform, _app) = (platform, app);
        _listening = Task.Run(() => ListenAsync(watch));
    }

    /// <summary>Cancelled at the first such kill.</summary>
    public CancellationToken Fired => _fired.Token;

    /// <summary>What was killed, and what that may come of, as one sentence; null: nothing was.</summary>
    public string? Story => _killed is { } killed ? $"{killed.Name} was killed for using too much memory" : null;

    /// <summary>Why the deploy ends, with the evidence.</summary>
    public async Task<StepFailedException> FailureAsync()
    {
        var killed = _killed!;
        var log = ImmutableArray<string>.Empty;
        using var limit = new CancellationTokenSource(EvidenceDeadline);
        try
        {
            log = await LastLog.ReadAsync(_platform.Health, killed.Id, killed.Name, limit.Token);
        }
        catch (Exception exception)
        {
            log = [$"its log could not be read: {exception.Message}"];
        }
        return new StepFailedException(Story!, [Place(killed), .. log])
        {
            Service = killed.Service,
            Next =
                $"give the host more memory, or write in the compose file what each service may take (mem_limit); if {killed.Service} runs out of memory without a deploy too, deploy with --allow-low-memory: then only the new release must not",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
        _fired.Dispose();
    }

    private static string Place(Container killed) =>
        (
            killed.Label(Naming.TagLabel) is { } tag
                ? $"it is of the release {tag}"
                : "it is an accessory, which all releases share"
        )
        + (
            killed.MemoryLimit is { } limit
                ? $"; its own limit is {MemoryText.Of(limit)}"
                : "; it has no limit of its own: the host ran out of memory"
        );

    private async Task ListenAsync(ContainerWatch watch)
    {
        using var events = watch.Subscribe(0);
        try
        {
            while (true)
            {
                var happened = await events.NextAsync(_stop.Token);
                if (
                    happened.Kind != ContainerEventKind.OutOfMemory
                    || await FindAsync(happened.ContainerId) is not { } killed
                )
                    continue;
                _killed = killed;
                await _fired.CancelAsync();
                return;
            }
        }
        catch (Exception)
        {
            // The deploy is over, or the engine tells nothing any more: whoever waits at a gate says so.
        }
    }

    /// <summary>The application's container of this id; null: it is somebody else's.</summary>
    private async Task<Container?> FindAsync(string id)
    {
        try
        {
            var now = await _platform.Host.ObserveAsync(_app, _stop.Token);
            return now
                .Blue.Containers.Concat(now.Green.Containers)
                .Concat(now.Accessories)
                .FirstOrDefault(container => container.Id == id);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not believed unseen: the next one is asked for again.
            return null;
        }
    }
}
