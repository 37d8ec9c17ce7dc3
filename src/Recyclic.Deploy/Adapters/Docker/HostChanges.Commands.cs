using System.Collections.Immutable;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Commands that a person asks for. They need no lock, or a deploy would wait for a console.</summary>
internal sealed partial class HostChanges
{
    /// <summary>Runs a command in a container, with this process's standard input, output and error.</summary>
    /// <param name="mark">By which <see cref="SignalAsync"/> finds what it has started.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExecAsync(
        string id,
        ExpectedLabels expected,
        ImmutableArray<string> command,
        bool terminal,
        string mark,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        return await docker.AttachAsync(DockerCommands.Exec(id, command, terminal, mark), cancellationToken);
    }

    /// <summary>
    /// Sends a signal to what a command has started in a container, from beside it: its image may have no program for
    /// that, and the engine has no call.
    /// </summary>
    /// <param name="image">Of ours, with a shell.</param>
    public async Task<CommandResult> SignalAsync(
        string id,
        ExpectedLabels expected,
        string image,
        string mark,
        string signal,
        CancellationToken cancellationToken
    )
    {
        await CheckContainersAsync([id], expected, cancellationToken);
        return await docker.AskInsideAsync(
            Command.Of("docker", DockerCommands.Signal(id, image, mark, signal)) with
            {
                Timeout = DockerCli.QuestionDeadline,
            },
            cancellationToken
        );
    }
}
