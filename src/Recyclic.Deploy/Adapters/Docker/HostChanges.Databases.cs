using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Databases: a server's own programs, run in its container, and a server of our own in which a backup is tried out. A
/// backup takes hours where there is much data, and nobody's deploy or way back waits for it: neither needs the lock.
/// </summary>
internal sealed partial class HostChanges
{
    /// <summary>How much a program may be ahead of who reads it, in bytes.</summary>
    private const long Window = 4 * 1024 * 1024;

    /// <summary>Starts a program in a server's container.</summary>
    public async Task<IRunningCommand> StartInServerAsync(
        string id,
        IEnumerable<string> arguments,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        return docker.StartTalk(arguments, Window);
    }

    /// <summary>Makes and starts a server in which a backup is tried out.</summary>
    /// <param name="variables">Their values, by name.</param>
    /// <returns>Its container's ID.</returns>
    public async Task<string> CreateTryOutAsync(
        IEnumerable<string> arguments,
        ImmutableDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        var made = await docker.ChangeAsync(Plain(arguments) with { Environment = variables }, cancellationToken);
        return made.EnsureSuccess().StandardOutput.Trim();
    }

    /// <summary>Starts it.</summary>
    public async Task StartTryOutAsync(string id, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        (await docker.ChangeAsync(Plain(DockerCommands.Start(id)), cancellationToken)).EnsureSuccess();
    }

    /// <summary>Removes some of them, with their data.</summary>
    public Task RemoveTryOutsAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    ) => RemoveAgentsAsync(ids, expected, cancellationToken);
}
