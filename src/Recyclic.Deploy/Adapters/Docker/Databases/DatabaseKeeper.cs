using System.Collections.Immutable;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Docker.Databases;

/// <summary>Dumps and restores by the programs that are in the server's own container.</summary>
internal sealed partial class DatabaseKeeper(
    HostChanges changes,
    EngineClient client,
    AppRecords records,
    HostReader reader,
    TryOuts tryOuts
) : IDatabaseHost
{
    /// <summary>For all of one dump or of one restore.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private static readonly TimeSpan Question = TimeSpan.FromMinutes(2);

    public async Task<DatabaseServer> FindAsync(string app, string service, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is null)
            throw new ConfigurationException(
                app,
                "this host has no application of that name",
                "Deploy it first, or name the one that is meant: --project <name>."
            );
        var found = (await reader.ObserveAsync(app, cancellationToken)).Accessories.FirstOrDefault(container =>
            container.Service == service && container.IsRunning
        );
        if (found is null)
            throw new ConfigurationException(
                $"service {service}",
                $"no container of it runs in {app}",
                "Start it: a deploy does, or docker compose up."
            );
        var variables = Pairs((await client.FindContainerAsync(found.Id, cancellationToken))?.Config?.Env ?? []);
        var user = Value(variables, "POSTGRES_USER") ?? "postgres";
        var server = new DatabaseServer(
            app,
            service,
            found.Id,
            found.Image,
            user,
            Value(variables, "POSTGRES_DB") ?? user
        );
        using var limit = Limit(Question, cancellationToken);
        await using var asked = await StartAsync(server, DatabaseCommands.IsReady(server.Id, user), limit.Token);
        var answer = await asked.Ended.WaitAsync(limit.Token);
        return answer.ExitCode switch
        {
            0 => server,
            126 or 127 => throw new ConfigurationException(
                $"service {service}",
                "its container has no pg_isready on its PATH, so it is no PostgreSQL that can be backed up",
                "Name the right service, --backup-service <name>; or leave it out: x-recyclic: { backup: false }."
            ),
            _ => throw new StepFailedException($"the PostgreSQL of {service} takes no connections", []),
        };
    }

    public async Task<DumpFacts> DumpAsync(
        DatabaseServer server,
        string database,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(Longest, cancellationToken);
        await using var session = await PsqlAsync(server, database, limit.Token);
        await session.SayAsync(SnapshotSql.Open, limit.Token);
        var snapshot = await session.LineAsync($"a snapshot of {database}", limit.Token);
        await session.SayAsync(SnapshotSql.Facts, limit.Token);
        var facts = SnapshotSql.ReadFacts(database, await session.LineAsync($"a look at {database}", limit.Token));
        // Both read the same snapshot, side by side: the shorter it is held, the less stays behind in the server.
        var dump = CopyAsync(server, database, snapshot, destination, limit.Token);
        var tables = AskAsync();
        if (await Task.WhenAny(dump, tables) is { IsCompletedSuccessfully: false } failed)
        {
            await limit.CancelAsync();
            await Task.WhenAll(dump, tables)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            await failed;
        }
        await dump;
        return facts with { Tables = [.. await tables] };

        async Task<List<TableDigest>> AskAsync()
        {
            await session.SayAsync(SnapshotSql.Tables, limit.Token);
            return await session.TablesAsync($"counting the rows of {database}", limit.Token);
        }
    }

    public Task<ImmutableArray<TableDigest>> TryOutAsync(
        DatabaseServer server,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    ) =>
        tryOuts.RunAsync(
            server,
            async (container, expected) =>
            {
                using var limit = Limit(Longest, cancellationToken);
                var own = server with { Id = container };
                await ScriptAsync(
                    own,
                    DatabaseCommands.TryOutDatabase,
                    SnapshotSql.Roles(facts.Roles),
                    "making the roles of the server",
                    limit.Token,
                    expected
                );
                var creates = facts.Database != DatabaseCommands.TryOutDatabase;
                await RestoreAsync(own, DatabaseCommands.TryOutDatabase, creates, write, limit.Token, expected);
                return await DigestAsync(own, facts.Database, limit.Token, expected);
            },
            cancellationToken
        );

    public Task ClearTryOutsAsync(string app, CancellationToken cancellationToken) =>
        tryOuts.ClearAsync(app, cancellationToken);

    public async Task<DatabaseState> LookAsync(
        DatabaseServer server,
        string database,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(Question, cancellationToken);
        var there = await ScriptAsync(
            server,
            MaintenanceFor(database),
            SnapshotSql.IsThere(database),
            "a look at the databases",
            limit.Token
        );
        if (there is not ["1"])
            return DatabaseState.Absent;
        var content = await ScriptAsync(server, database, SnapshotSql.Content, $"a look into {database}", limit.Token);
        return content is ["0"] ? DatabaseState.Empty : DatabaseState.Used;
    }

    public async Task<ImmutableArray<TableDigest>> RestoreBesideAsync(
        DatabaseServer server,
        string database,
        string beside,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(Longest, cancellationToken);
        await ScriptAsync(
            server,
            MaintenanceFor(database),
            SnapshotSql.Create(beside, database, facts),
            $"making the database {beside}",
            limit.Token
        );
        try
        {
            await RestoreAsync(server, beside, creates: false, write, limit.Token);
            return await DigestAsync(server, beside, limit.Token);
        }
        catch
        {
            using var grace = new CancellationTokenSource(Question);
            await DropAsync(server, beside, grace.Token);
            throw;
        }
    }

    public Task DropAsync(DatabaseServer server, string beside, CancellationToken cancellationToken) =>
        ScriptAsync(
            server,
            MaintenanceFor(beside),
            SnapshotSql.Drop(beside),
            $"removing the database {beside}",
            cancellationToken
        );

    public async Task SwapAsync(
        DatabaseServer server,
        string database,
        string beside,
        string? kept,
        CancellationToken cancellationToken
    )
    {
        using var limit = Limit(Question, cancellationToken);
        // Somebody may connect between the end of the sessions and the first name.
        for (var attempt = 1; ; attempt++)
            try
            {
                await ScriptAsync(
                    server,
                    MaintenanceFor(database),
                    SnapshotSql.Swap(database, beside, kept),
                    $"giving {beside} the name {database}",
                    limit.Token
                );
                return;
            }
            catch (StepFailedException exception)
                when (attempt < 5 && exception.Message.Contains("being accessed", StringComparison.Ordinal)) { }
    }
}
