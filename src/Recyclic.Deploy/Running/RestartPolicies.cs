using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>
/// What restarts by itself is what the edge points to, at every instant: an engine that goes down and comes back
/// without anybody's command must bring back what users have. So a slot gets its policies before users move to it, and
/// loses them only once the commit has made another one the truth.
/// </summary>
internal sealed class RestartPolicies(Platform platform, string app)
{
    /// <summary>Lets containers restart by themselves that do not yet.</summary>
    public Task AllowAsync(IEnumerable<Container> containers, CancellationToken cancellationToken) =>
        SetAsync(containers, [], cancellationToken);

    /// <summary>Keeps containers that are to be stopped from coming back when the engine does.</summary>
    public Task ForbidAsync(IEnumerable<Container> containers, CancellationToken cancellationToken) =>
        SetAsync([], containers, cancellationToken);

    /// <summary>Both at once.</summary>
    public Task HandAsync(
        IEnumerable<Container> from,
        IEnumerable<Container> to,
        CancellationToken cancellationToken
    ) => SetAsync(to, from, cancellationToken);

    /// <summary>
    /// Lets all that users have in a slot restart by itself. Exclusive services get their policy when they are handed
    /// over.
    /// </summary>
    public async Task AllowSlotAsync(Slot slot, CancellationToken cancellationToken) =>
        await AllowAsync(
            (await platform.Host.ObserveAsync(app, cancellationToken))[slot]
                .Containers.Where(container => container.IsGated),
            cancellationToken
        );

    /// <summary>The slot that serves restarts by itself, the other one does not.</summary>
    public async Task SettleAsync(Slot serving, CancellationToken cancellationToken)
    {
        var now = await platform.Host.ObserveAsync(app, cancellationToken);
        await SetAsync(now[serving].Containers, now[serving.Other()].Containers, cancellationToken);
    }

    private Task SetAsync(
        IEnumerable<Container> allowed,
        IEnumerable<Container> forbidden,
        CancellationToken cancellationToken
    )
    {
        var (on, off) = (
            allowed.Where(container => !container.RestartsByItself && !container.IsOneOff).ToList(),
            forbidden.Where(container => container.RestartsByItself).ToList()
        );
        return on.Count + off.Count == 0
            ? Task.CompletedTask
            : platform.Releases.SetRestartsAsync(on, off, cancellationToken);
    }
}
