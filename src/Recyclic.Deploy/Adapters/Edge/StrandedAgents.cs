using System.Collections.Immutable;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// Pure: agents whose container was made and never started, because whoever made it was killed in between. They hold
/// nothing, but `--rm` removes only what has run: they would stay for good.
/// </summary>
public static class StrandedAgents
{
    /// <summary>
    /// Twice as long as a deployer waits for its agent to start: it has given up by then, or is dead.
    /// </summary>
    public static readonly TimeSpan Age = 2 * AgentSession.AnswerDeadline;

    /// <summary>
    /// The ids. Their age is by the engine's clock alone: its time now is that at which it made the lock's container,
    /// or later.
    /// </summary>
    /// <param name="listed">One application's containers in every state.</param>
    /// <param name="holder">The name of the container that holds the lock; when it is not there, nothing is
    /// stranded.</param>
    public static ImmutableArray<string> Of(IEnumerable<ContainerListResponse> listed, string holder)
    {
        var all = listed.ToList();
        return all.FirstOrDefault(entry => EngineAnswers.Name(entry) == holder) is { } now
            ?
            [
                .. all.Where(entry =>
                        IsUnstartedAgent(entry) && entry.Created != default && now.Created - entry.Created > Age
                    )
                    .Select(entry => entry.ID),
            ]
            : [];
    }

    private static bool IsUnstartedAgent(ContainerListResponse entry) =>
        entry.State == "created"
        && EngineAnswers.Labels(entry.Labels).GetValueOrDefault(Naming.RoleLabel)
            is EdgeImage.LockRole
                or EdgeImage.QueueRole
                or EdgeImage.ReaderRole
                or Acme.AcmeImage.Role;
}
