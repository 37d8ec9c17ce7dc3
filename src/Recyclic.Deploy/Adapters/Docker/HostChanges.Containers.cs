using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Containers.</summary>
internal sealed partial class HostChanges
{
    /// <summary>Starts one that is there.</summary>
    /// <exception cref="CommandFailedException">It does not start.</exception>
    public async Task StartAsync(string id, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        (await RunAsync(expected.App, DockerCommands.Start(id), cancellationToken)).EnsureSuccess();
    }

    /// <summary>Has an HAProxy end once nothing is open in it any more.</summary>
    public async Task EndSoftlyAsync(string id, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        await RunAsync(expected.App, DockerCommands.EndSoftly(id), cancellationToken);
    }

    /// <summary>Ends some at once. One that has ended is none the worse.</summary>
    public async Task KillAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync(ids, expected, cancellationToken);
        await RunAsync(expected.App, DockerCommands.Kill(ids), cancellationToken);
    }

    /// <summary>
    /// Starts a door that is stopped, or that the engine waits to start again; has one that runs take up its
    /// configuration.
    /// </summary>
    public async Task OpenDoorAsync(string id, bool runs, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        var command = runs ? DockerCommands.TakeUp(id) : DockerCommands.StartNow(id);
        (await RunAsync(expected.App, command, cancellationToken)).EnsureSuccess();
    }

    /// <summary>Stops all of some at once, each within its own grace period.</summary>
    public async Task<CommandResult> StopAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync(ids, expected, cancellationToken);
        return await RunAsync(expected.App, DockerCommands.Stop(ids), cancellationToken);
    }

    /// <summary>Sets when some start again by themselves.</summary>
    public async Task<CommandResult> SetRestartAsync(
        string policy,
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync(ids, expected, cancellationToken);
        return await RunAsync(expected.App, DockerCommands.SetRestart(policy, ids), cancellationToken);
    }

    /// <summary>Removes those of some that are there, whatever they do, with their anonymous volumes.</summary>
    public async Task RemoveAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var there = await ThoseThereAsync(objects.FindContainerAsync, ids, expected, cancellationToken);
        if (there.Count > 0)
            await RunAsync(expected.App, DockerCommands.Remove(there), cancellationToken);
    }

    /// <summary>
    /// Removes doors and gates that are there once what goes through them has ended, within their grace period.
    /// </summary>
    public async Task RemoveSoftlyAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var there = await ThoseThereAsync(objects.FindContainerAsync, ids, expected, cancellationToken);
        if (there.Count > 0)
            await RunAsync(expected.App, DockerCommands.Stop(there), cancellationToken);
        await RemoveAsync(there, expected, cancellationToken);
    }

    /// <summary>
    /// Removes containers of a release, with their anonymous volumes only where those begin anew with each release.
    /// </summary>
    public async Task RemoveReleaseAsync(
        IReadOnlyCollection<(string Id, bool RenewsVolumes)> containers,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([.. containers.Select(container => container.Id)], expected, cancellationToken);
        foreach (var removal in DockerCommands.RemoveRelease(containers))
            await RunAsync(expected.App, removal, cancellationToken);
    }

    /// <summary>Makes one of an image that is there.</summary>
    /// <param name="arguments">With the labels by which it is known from then on.</param>
    /// <returns>Its ID.</returns>
    public async Task<string> CreateAsync(
        string app,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) => (await RunAsync(app, arguments, cancellationToken)).EnsureSuccess().StandardOutput.Trim();

    /// <summary>Makes one that shows something to proxies; what it shows may hold secrets.</summary>
    /// <param name="arguments">With the labels by which it is known from then on, and the names of variables.</param>
    /// <param name="labels">Further labels, a line each: the command's standard input.</param>
    /// <param name="variables">The values of the variables.</param>
    /// <returns>Its ID.</returns>
    public async Task<string> CreateAsync(
        string app,
        IEnumerable<string> arguments,
        string labels,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken
    ) =>
        (
            await RunAsync(
                app,
                Plain(arguments) with
                {
                    StandardInput = labels,
                    Environment = variables.ToImmutableDictionary(),
                },
                cancellationToken
            )
        )
            .EnsureSuccess()
            .StandardOutput.Trim();

    /// <summary>Gives one that is there another name.</summary>
    public async Task RenameAsync(string id, string name, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        (await RunAsync(expected.App, DockerCommands.Rename(id, name), cancellationToken)).EnsureSuccess();
    }

    /// <summary>Unpacks an archive in one.</summary>
    public async Task CopyIntoAsync(
        string id,
        ExpectedLabels expected,
        string target,
        Func<Stream, CancellationToken, Task> write,
        TimeSpan deadline,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        await AskLockAsync(expected.App, cancellationToken);
        await docker.PipeAsync(DockerCommands.CopyInto(id, target), write, deadline, cancellationToken);
    }

    private Task CheckContainersAsync(
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    ) => CheckAsync(objects.FindContainerAsync, ids, expected, cancellationToken);
}
