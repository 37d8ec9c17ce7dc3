using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// A place in the queue is a container that lives as long as who waits. The engine's own clock says who came first.
/// </summary>
internal sealed class QueuePlace(
    DockerCli docker,
    HostReader reader,
    TimeProvider time,
    Naming naming,
    AgentSession session
) : IQueuePlace
{
    /// <summary>
    /// How long a free lock is left to those ahead: one that is frozen must not keep all others waiting.
    /// </summary>
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TurnPoll = TimeSpan.FromMilliseconds(100);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await WaitForHolderAsync(cancellationToken);
            var freed = time.GetTimestamp();
            while (!await IsHeldAsync(cancellationToken))
            {
                if (await IsFirstAsync(cancellationToken) || time.GetElapsedTime(freed) >= TurnPatience)
                    return;
                await Task.Delay(TurnPoll, time, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task WaitForHolderAsync(CancellationToken cancellationToken)
    {
        var result = await docker.RunAsync(
            Command.Of("docker", "wait", naming.LockContainer) with
            {
                Timeout = Running.Deployer.LongestQueue,
            },
            cancellationToken
        );
        // Gone already, or docker could not wait: then it must not be asked again and again without a pause.
        if (!result.Succeeded)
            await Task.Delay(TurnPoll, time, cancellationToken);
    }

    private async Task<bool> IsHeldAsync(CancellationToken cancellationToken) =>
        await reader.FindAsync(naming.App, naming.LockContainer, cancellationToken) is { } holding
        && holding.Inspected.State?.Status is "running" or "paused";

    private async Task<bool> IsFirstAsync(CancellationToken cancellationToken)
    {
        var places = (await reader.OwnAsync(naming.App, cancellationToken)).Where(place =>
            EngineAnswers.Labels(place.Config?.Labels).GetValueOrDefault(Naming.RoleLabel) == EdgeImage.QueueRole
            && place.State?.Status == "running"
        );
        var first = places
            .OrderBy(place => place.Created)
            .ThenBy(place => place.ID, StringComparer.Ordinal)
            .FirstOrDefault();
        return first is null || EngineAnswers.Name(first) == session.Name;
    }
}
