using System.Collections.Immutable;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker.Databases;

/// <summary>The programs that it runs.</summary>
internal sealed partial class DatabaseKeeper
{
    private async Task CopyAsync(
        DatabaseServer server,
        string database,
        string snapshot,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        var command = DatabaseCommands.Dump(server.Id, server.User, database, snapshot);
        await using var dump = await StartAsync(server, command, cancellationToken);
        await dump.Output.CopyToAsync(destination, 1 << 17, cancellationToken);
        var ended = await dump.Ended.WaitAsync(cancellationToken);
        if (!ended.Succeeded)
            throw ServerProgram.Failure($"pg_dump of {database}", ended);
    }

    private async Task RestoreAsync(
        DatabaseServer server,
        string database,
        bool creates,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken,
        ExpectedLabels? expected = null
    )
    {
        var command = DatabaseCommands.Restore(server.Id, server.User, database, creates);
        await using var restore = await StartAsync(server, command, cancellationToken, expected);
        await write(restore.Input, cancellationToken);
        await restore.Input.DisposeAsync();
        var ended = await restore.Ended.WaitAsync(cancellationToken);
        if (!ended.Succeeded)
            throw ServerProgram.Failure("pg_restore", ended);
    }

    private async Task<ImmutableArray<TableDigest>> DigestAsync(
        DatabaseServer server,
        string database,
        CancellationToken cancellationToken,
        ExpectedLabels? expected = null
    )
    {
        await using var session = await PsqlAsync(server, database, cancellationToken, expected);
        await session.SayAsync(SnapshotSql.Digest, cancellationToken);
        return [.. await session.TablesAsync("counting the rows of the copy", cancellationToken)];
    }

    private async Task<List<string>> ScriptAsync(
        DatabaseServer server,
        string database,
        string script,
        string what,
        CancellationToken cancellationToken,
        ExpectedLabels? expected = null
    )
    {
        await using var session = await PsqlAsync(server, database, cancellationToken, expected);
        await session.SayAsync(script, cancellationToken);
        return await session.EndAsync(what, cancellationToken);
    }

    private async Task<PsqlSession> PsqlAsync(
        DatabaseServer server,
        string database,
        CancellationToken cancellationToken,
        ExpectedLabels? expected = null
    ) =>
        new(
            await StartAsync(
                server,
                DatabaseCommands.Psql(server.Id, server.User, database),
                cancellationToken,
                expected
            )
        );

    private Task<IRunningCommand> StartAsync(
        DatabaseServer server,
        IEnumerable<string> command,
        CancellationToken cancellationToken,
        ExpectedLabels? expected = null
    ) =>
        changes.StartInServerAsync(
            server.Id,
            command,
            expected ?? ExpectedLabels.OfCompose(server.App),
            cancellationToken
        );

    /// <summary>One to be in while another one is made, renamed or removed.</summary>
    private static string MaintenanceFor(string database) => database == "postgres" ? "template1" : "postgres";

    private static CancellationTokenSource Limit(TimeSpan time, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        return limit;
    }

    private static Dictionary<string, string> Pairs(IEnumerable<string> variables)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
            if (variable.Split('=', 2) is [var name, var value])
                pairs[name] = value;
        return pairs;
    }

    private static string? Value(Dictionary<string, string> variables, string name) =>
        variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
