using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Testing;

/// <summary>What goes wrong with backups of a <see cref="MemoryHost"/>.</summary>
public enum BackupFault
{
    /// <summary>Nothing does.</summary>
    None,

    /// <summary>The dump breaks off in its middle.</summary>
    DumpFails,

    /// <summary>A restore has not all of the rows.</summary>
    CopyLacksRows,
}

/// <summary>The PostgreSQL servers of a host in memory: tables of rows that are texts, in databases, by service.</summary>
internal sealed class MemoryDatabases : IDatabaseHost
{
    /// <summary>The database that each server is made with.</summary>
    public const string Usual = "app";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SortedDictionary<string, string[]>> _databases = new(
        StringComparer.Ordinal
    );

    public BackupFault Fault { get; set; }

    public SortedDictionary<string, string[]>? Find(string service, string database)
    {
        lock (_gate)
            return _databases.GetValueOrDefault($"{service}/{database}");
    }

    public void Put(string service, string database, string table, string[] rows)
    {
        lock (_gate)
        {
            if (!_databases.TryGetValue($"{service}/{database}", out var tables))
                _databases[$"{service}/{database}"] = tables = new(StringComparer.Ordinal);
            tables[table] = rows;
        }
    }

    public string[] Names(string service)
    {
        lock (_gate)
            return
            [
                .. _databases
                    .Keys.Where(name => name.StartsWith(service + "/", StringComparison.Ordinal))
                    .Select(name => name[(service.Length + 1)..]),
            ];
    }

    public Task<DatabaseServer> FindAsync(string app, string service, CancellationToken cancellationToken) =>
        Task.FromResult(new DatabaseServer(app, service, service, service, "postgres", Usual));

    public async Task<DumpFacts> DumpAsync(
        DatabaseServer server,
        string database,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        var tables =
            Find(server.Service, database) ?? throw new StepFailedException($"there is no database {database}", []);
        var dump = JsonSerializer.SerializeToUtf8Bytes(tables);
        await destination.WriteAsync(dump.AsMemory(0, dump.Length / 2), cancellationToken);
        if (Fault == BackupFault.DumpFails)
            throw new StepFailedException($"pg_dump of {database} failed: the connection was lost", []);
        await destination.WriteAsync(dump.AsMemory(dump.Length / 2), cancellationToken);
        return new(database, "memory", "UTF8", "C", "C", dump.Length, ["postgres"], DigestsOf(tables));
    }

    public async Task<ImmutableArray<TableDigest>> TryOutAsync(
        DatabaseServer server,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var tables = await CopyAsync(write, cancellationToken);
        return DigestsOf(tables);
    }

    public Task ClearTryOutsAsync(string app, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<DatabaseState> LookAsync(DatabaseServer server, string database, CancellationToken cancellationToken) =>
        Task.FromResult(
            Find(server.Service, database) switch
            {
                null => DatabaseState.Absent,
                { Count: 0 } => DatabaseState.Empty,
                _ => DatabaseState.Used,
            }
        );

    public async Task<ImmutableArray<TableDigest>> RestoreBesideAsync(
        DatabaseServer server,
        string database,
        string beside,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var tables = await CopyAsync(write, cancellationToken);
        lock (_gate)
            _databases[$"{server.Service}/{beside}"] = tables;
        return DigestsOf(tables);
    }

    public Task DropAsync(DatabaseServer server, string beside, CancellationToken cancellationToken)
    {
        lock (_gate)
            _databases.Remove($"{server.Service}/{beside}");
        return Task.CompletedTask;
    }

    public Task SwapAsync(
        DatabaseServer server,
        string database,
        string beside,
        string? kept,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            if (kept is not null && _databases.Remove($"{server.Service}/{database}", out var before))
                _databases[$"{server.Service}/{kept}"] = before;
            _databases.Remove($"{server.Service}/{beside}", out var restored);
            _databases[$"{server.Service}/{database}"] = restored!;
        }
        return Task.CompletedTask;
    }

    /// <summary>What a restore of a dump comes to.</summary>
    private async Task<SortedDictionary<string, string[]>> CopyAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        var tables = await ReadAsync(write, cancellationToken);
        if (Fault == BackupFault.CopyLacksRows)
            tables[tables.Keys.First()] = [];
        return tables;
    }

    private static async Task<SortedDictionary<string, string[]>> ReadAsync(
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    )
    {
        using var dump = new MemoryStream();
        await write(dump, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string[]>>(dump.ToArray())!;
        }
        catch (JsonException exception)
        {
            throw new StepFailedException($"pg_restore failed: {exception.Message}", []);
        }
    }

    private static ImmutableArray<TableDigest> DigestsOf(SortedDictionary<string, string[]> tables) =>
        [
            .. tables.Select(table => new TableDigest(
                "public",
                table.Key,
                table.Value.Length,
                Convert.ToHexStringLower(
                    SHA256.HashData(
                        Encoding.UTF8.GetBytes(string.Join('\n', table.Value.Order(StringComparer.Ordinal)))
                    )
                )
            )),
        ];
}
