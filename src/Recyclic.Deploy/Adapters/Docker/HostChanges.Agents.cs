using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Agents, by which there is a lock at all, and programs that run in containers to ask something. Neither needs the
/// lock.
/// </summary>
internal sealed partial class HostChanges
{
    /// <summary>Starts an agent: in a container of its own, which goes with it, or beside the edge.</summary>
    public IRunningCommand StartAgent(IEnumerable<string> arguments) => docker.StartTalk(arguments);

    /// <summary>Starts what obtains certificates, in a container of its own, which goes with it.</summary>
    public async Task<IRunningCommand> StartClientAsync(
        string app,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        await AskLockAsync(app, cancellationToken);
        return docker.StartTalk(arguments);
    }

    /// <summary>
    /// Gives an agent's container the lock's name, which the engine gives once: so the lock is taken. The name that it
    /// had is known to this process alone.
    /// </summary>
    public Task<CommandResult> TakeNameAsync(string agent, string name, CancellationToken cancellationToken) =>
        docker.ChangeAsync(Plain(DockerCommands.Rename(agent, name)), cancellationToken);

    /// <summary>Removes agents that hold nothing, or that a person takes the lock away from.</summary>
    public async Task RemoveAgentsAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var there = await ThoseThereAsync(objects.FindContainerAsync, ids, expected, cancellationToken);
        if (there.Count > 0)
            await docker.ChangeAsync(Plain(DockerCommands.Remove(there)), cancellationToken);
    }

    /// <summary>
    /// Runs a container's own health check in it, as the engine does, and by the engine's API: a check may have a
    /// password in it, and a docker command of ours would show that to all users of this machine.
    /// </summary>
    /// <returns>Its exit code; null: it has none.</returns>
    public Task<long?> RunHealthCheckAsync(string id, IEnumerable<string> check, CancellationToken cancellationToken) =>
        engine.RunHealthCheckAsync(id, check, cancellationToken);

    /// <summary>Asks a door whether it answers.</summary>
    public Task<CommandResult> AskDoorAsync(string id, CancellationToken cancellationToken) =>
        docker.AskInsideAsync(
            Command.Of("docker", DockerCommands.AskDoor(id)) with
            {
                Timeout = DockerCli.QuestionDeadline,
            },
            cancellationToken
        );

    /// <summary>Starts the program by which the edge asks another container.</summary>
    public IRunningCommand StartProbe(IEnumerable<string> arguments, Action<string>? onErrorLine = null) =>
        docker.StartInside(arguments, onErrorLine);

    /// <summary>
    /// Asks the engine for a container that it cannot make, since it mounts a path that cannot be there: what it answers
    /// names the first path that is not.
    /// </summary>
    public Task<CommandResult> TryPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) =>
        docker.AskInsideAsync(
            Command.Of("docker", DockerCommands.AskForPaths(paths, image)) with
            {
                Timeout = DockerCli.QuestionDeadline,
            },
            cancellationToken
        );
}
