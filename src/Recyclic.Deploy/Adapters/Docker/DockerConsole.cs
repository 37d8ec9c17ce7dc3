using System.Collections.Immutable;
using System.Security.Cryptography;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Commands that a person runs in containers of an application.</summary>
internal sealed class DockerConsole(HostChanges changes, AppRecords records)
{
    /// <summary>How long a command that was told to end may take before it is killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Above this number a signal has ended docker's command line.</summary>
    private const int BySignal = 128;

    public async Task<int> ExecAsync(
        string app,
        Container container,
        ImmutableArray<string> command,
        bool terminal,
        CancellationToken cancellationToken
    )
    {
        var expected = await ExpectedAsync(app, container, cancellationToken);
        var mark = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var code = 0;
        try
        {
            return code = await changes.ExecAsync(container.Id, expected, command, terminal, mark, cancellationToken);
        }
        finally
        {
            // Docker's command line leaves behind what it has started in the container.
            if (cancellationToken.IsCancellationRequested || code > BySignal)
                await EndAsync(container.Id, expected, mark);
        }
    }

    private async Task<ExpectedLabels> ExpectedAsync(
        string app,
        Container container,
        CancellationToken cancellationToken
    ) =>
        container.Label(Naming.RoleLabel) is not null && await records.FindAsync(app, cancellationToken) is { } record
            ? ExpectedLabels.Ours(record.Ownership, Naming.ReleaseRole)
            : ExpectedLabels.OfCompose(app);

    /// <summary>As Ctrl-C would, and then for good. It was cancelled already, so by a deadline of its own.</summary>
    private async Task EndAsync(string id, ExpectedLabels expected, string mark)
    {
        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            await changes.SignalAsync(id, expected, EdgeImage.Reference, mark, "INT", limit.Token);
            await Task.Delay(Patience, limit.Token);
            await changes.SignalAsync(id, expected, EdgeImage.Reference, mark, "KILL", limit.Token);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or CommandFailedException or EngineException)
        {
            // The container has gone, and the command with it, or the host does not answer any more.
        }
    }
}
