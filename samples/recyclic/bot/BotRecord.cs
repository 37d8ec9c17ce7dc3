using Npgsql;

namespace Recyclic.Sample.Bot;

/// <summary>What all versions of the bot write down: when each polled, and when it met another.</summary>
internal interface IBotRecord
{
    /// <summary>A poll was answered.</summary>
    Task BeatAsync(string version, CancellationToken cancellationToken);

    /// <summary>Another bot polled at the same time.</summary>
    Task ConflictAsync(string version, CancellationToken cancellationToken);
}

/// <summary>In PostgreSQL.</summary>
internal sealed class BotRecord(NpgsqlDataSource database) : IBotRecord
{
    // Any constant will do, as long as every version of the bot uses the same.
    private const long SchemaLock = 0x7265_6379_0003;

    private bool _hasSchema;

    public Task BeatAsync(string version, CancellationToken cancellationToken) =>
        AddAsync("INSERT INTO bot_heartbeats (version) VALUES ($1)", version, cancellationToken);

    public Task ConflictAsync(string version, CancellationToken cancellationToken) =>
        AddAsync("INSERT INTO bot_conflicts (version) VALUES ($1)", version, cancellationToken);

    private async Task AddAsync(string sql, string version, CancellationToken cancellationToken)
    {
        if (!_hasSchema)
            await CreateSchemaAsync(cancellationToken);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = version });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Two versions may start at once; the lock lets one go first and ends with the transaction.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock({SchemaLock});
            CREATE TABLE IF NOT EXISTS bot_heartbeats (version text NOT NULL, at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX IF NOT EXISTS bot_heartbeats_at ON bot_heartbeats (at);
            CREATE TABLE IF NOT EXISTS bot_conflicts (version text NOT NULL, at timestamptz NOT NULL DEFAULT now());
            DELETE FROM bot_heartbeats WHERE at < now() - interval '1 day';
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _hasSchema = true;
    }
}
