using System.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using StackExchange.Redis;

namespace Recyclic.Sample.Api;

/// <summary>Items in PostgreSQL, and in Redis how often they were read.</summary>
internal sealed class ItemStore(
    NpgsqlDataSource database,
    IConnectionMultiplexer redis,
    Release release,
    ILogger<ItemStore> log
) : IHealthCheck
{
    // Any constant will do, as long as every version of the api uses the same.
    private const long SchemaLock = 0x7265_6379_0001;

    private volatile bool _ready;

    /// <summary>
    /// Creates the table when it is absent. Two versions may start at once, and CREATE TABLE IF NOT EXISTS alone can
    /// then fail with a duplicate key in the catalogue: the lock, which ends with the transaction, lets one go first.
    /// </summary>
    public async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock({SchemaLock});
            CREATE TABLE IF NOT EXISTS items (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name text NOT NULL,
                at timestamptz NOT NULL DEFAULT now(),
                version text NOT NULL);
            """,
            connection,
            transaction
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _ready = true;
    }

    /// <summary>Passes when the table is there.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            _ready ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the table is not created yet")
        );

    public async Task<Item> AddAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO items (name, version) VALUES ($1, $2) RETURNING id, name, at, version"
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = release.Version });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Read(reader);
    }

    public async Task<ItemList> ListAsync(CancellationToken cancellationToken)
    {
        var reads = CountReadAsync();
        await using var command = database.CreateCommand(
            "SELECT id, name, at, version, count(*) OVER () FROM items ORDER BY id DESC LIMIT 50"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Item>();
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(Read(reader));
            count = reader.GetInt64(4);
        }
        return new ItemList(items, count, await reads);
    }

    private async Task<long?> CountReadAsync()
    {
        try
        {
            return await redis.GetDatabase().StringIncrementAsync("items:reads");
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // The list is worth more than its counter; /health tells of Redis.
            log.LogWarning("read not counted: {Reason}", failure.Message);
            return null;
        }
    }

    private static Item Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), new DateTimeOffset(row.GetDateTime(2)), row.GetString(3));
}

/// <summary>
/// Creates the table beside the listener: the api answers /version and says why it is unhealthy while PostgreSQL
/// starts.
/// </summary>
internal sealed class SchemaCreation(ItemStore items, ILogger<SchemaCreation> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wait = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            try
            {
                await items.CreateSchemaAsync(stoppingToken);
                return;
            }
            // Safe to repeat: the whole of it is one transaction.
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("schema not created yet: {Reason}", failure.GetBaseException().Message);
            }
        } while (await wait.WaitForNextTickAsync(stoppingToken));
    }
}
