using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Stops and starts containers that plain compose has made of an application's services. They are never removed.</summary>
internal sealed class AdoptedKeeper(HostChanges changes)
{
    /// <summary>How long what publishes ports may take to end by itself: nobody listens meanwhile.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

    /// <summary>Each within its own grace period.</summary>
    public async Task StopAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    )
    {
        if (containers.IsEmpty)
            return;
        var (ids, expected) = (IdsOf(containers), ExpectedLabels.OfCompose(app));
        (await changes.StopAsync(ids, expected, cancellationToken)).EnsureSuccess();
        // Not before: until then an engine that restarts must bring back these.
        await new RestartUpdate(changes).RunAsync("no", ids, expected, cancellationToken);
    }

    /// <summary>Asks them to end, and ends them when they do not.</summary>
    public async Task StopAtOnceAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    )
    {
        if (containers.IsEmpty)
            return;
        var (ids, expected) = (IdsOf(containers), ExpectedLabels.OfCompose(app));
        var stopping = changes.StopAsync(ids, expected, cancellationToken);
        try
        {
            await stopping.WaitAsync(Grace, cancellationToken);
        }
        catch (TimeoutException)
        {
            await changes.KillAsync(ids, expected, cancellationToken);
        }
        (await stopping).EnsureSuccess();
    }

    public async Task StartAsync(
        string app,
        ImmutableArray<AdoptedContainer> containers,
        CancellationToken cancellationToken
    )
    {
        var expected = ExpectedLabels.OfCompose(app);
        foreach (var same in containers.GroupBy(container => container.Restart, container => container.Id))
            await new RestartUpdate(changes).RunAsync(same.Key, [.. same], expected, cancellationToken);
        await Task.WhenAll(
            containers.Select(container => changes.StartAsync(container.Id, expected, cancellationToken))
        );
    }

    private static ImmutableArray<string> IdsOf(ImmutableArray<AdoptedContainer> containers) =>
        [.. containers.Select(container => container.Id)];
}
