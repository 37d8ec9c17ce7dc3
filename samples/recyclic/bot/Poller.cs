using System.Globalization;
using Npgsql;

namespace Recyclic.Sample.Bot;

/// <summary>
/// A worker that must not run twice, as a Telegram bot that polls. It works only while it holds an advisory lock, and
/// does all its work on the connection that holds it: when the connection dies, lock and work end together.
/// </summary>
internal sealed class Poller(Release release, AliveFile alive, string connectionString)
{
    // Any constants will do, as long as every version of the bot uses the same.
    private const long PollLock = 0x7265_6379_0002;
    private const long SchemaLock = 0x7265_6379_0003;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private string? _lastReason;

    /// <summary>
    /// Polls until told to stop; whatever goes wrong in between is said, shown as unhealthy, and tried again.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Log("starts");
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HoldAndPollAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException)
            {
                Complain($"postgres: {failure.GetBaseException().Message}");
            }
            await Task.Delay(Retry, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Log("stopped");
    }

    private async Task HoldAndPollAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await CreateSchemaAsync(connection, cancellationToken);
        while (!await TryLockAsync(connection, cancellationToken))
        {
            Complain("409 Conflict: another bot polls");
            await ExecuteAsync(
                connection,
                "INSERT INTO bot_conflicts (version) VALUES ($1)",
                cancellationToken,
                release.Version
            );
            await Task.Delay(Beat, cancellationToken);
        }
        Log("polls");
        _lastReason = null;
        try
        {
            await PollAsync(connection, cancellationToken);
        }
        finally
        {
            // Given back before the process ends, not when the server notices that it did. A broken connection has none
            // to give.
            if (connection.FullState == System.Data.ConnectionState.Open)
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({PollLock})", CancellationToken.None);
        }
    }

    private async Task PollAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(Beat);
        do
        {
            // Not cancelled half way: a beat takes a millisecond, a cancelled command a connection.
            await ExecuteAsync(
                connection,
                "INSERT INTO bot_heartbeats (version) VALUES ($1)",
                CancellationToken.None,
                release.Version
            );
            alive.Healthy();
        } while (await tick.WaitForNextTickAsync(cancellationToken));
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({PollLock})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task CreateSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Two versions may start at once; the lock lets one go first and ends with the transaction.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            $"""
            SELECT pg_advisory_xact_lock({SchemaLock});
            CREATE TABLE IF NOT EXISTS bot_heartbeats (version text NOT NULL, at timestamptz NOT NULL DEFAULT now());
            CREATE INDEX IF NOT EXISTS bot_heartbeats_at ON bot_heartbeats (at);
            CREATE TABLE IF NOT EXISTS bot_conflicts (version text NOT NULL, at timestamptz NOT NULL DEFAULT now());
            DELETE FROM bot_heartbeats WHERE at < now() - interval '1 day';
            """,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params string[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Every attempt shows in the file, only a change in the log.
    private void Complain(string reason)
    {
        alive.Unhealthy(reason);
        if (reason != _lastReason)
            Log(reason);
        _lastReason = reason;
    }

    private void Log(string text) =>
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} bot {release.Version}: {text}")
        );
}
