using System.Globalization;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Backups.Adapters;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components.Backups;

/// <summary>
/// Restores one backup: into a new database, which is compared with the record and only then gets the name of the one
/// that it is to replace. That one stays, under another name.
/// </summary>
internal static class RestoreRun
{
    /// <summary>The new database, until it has its name. One that a killed restore left is removed by the next.</summary>
    private const string Beside = "recyclic_restore";

    /// <summary>The longest name that PostgreSQL does not cut, in bytes.</summary>
    private const int LongestName = 63;

    /// <exception cref="ConfigurationException">It is refused; nothing was touched.</exception>
    /// <exception cref="TargetFailedException">It failed; the database is as it was.</exception>
    public static async Task RunAsync(
        IBackup build,
        DeploySession session,
        string app,
        CancellationToken cancellationToken
    )
    {
        var folder = new BackupFolder(BackupRun.FolderOf(build));
        var record = Find(build, folder);
        var key = record.IsEncrypted ? RequireKey(build, record) : null;
        if (await folder.WhyDamagedAsync(record, key, cancellationToken) is { } damage)
            throw new ConfigurationException(
                Path.Combine(folder.Path, record.Name),
                $"{damage}; nothing was touched",
                "Restore another one: ./build.sh Backups lists them."
            );
        var (host, server, named) = await BackupRun.FindAsync(build, session, app, cancellationToken);
        var database = build.Database is null ? record.Facts.Database : named;
        if (database is "template0" or "template1" or Beside)
            throw new ConfigurationException("--database", $"{database} is PostgreSQL's own or ours", "Name another.");
        var what =
            $"{record.Name} ({record.Environment}, {record.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC) to {server.Service}/{PrintableText.Of(database, 80)}";
        var state = await host.LookAsync(server, database, cancellationToken);
        var kept = state == DatabaseState.Absent ? null : KeptName(database, session.Time.GetUtcNow());
        if (build.DryRun)
        {
            build.WriteLine(
                $"Would restore {what}{(state == DatabaseState.Used ? $"; the database before would be kept as {kept}" : "")}."
            );
            return;
        }
        if (state == DatabaseState.Used)
            await ConfirmAsync(build, session, what, database, kept!, cancellationToken);
        // A deploy at the same time would migrate one of the two.
        await using var held = await session.Lock.TakeAsync(app, Machine.Person, null, cancellationToken);
        try
        {
            await FillAsync(folder, host, server, database, record, key, cancellationToken);
            await host.SwapAsync(server, database, Beside, kept, cancellationToken);
        }
        catch (Exception exception)
            when (exception
                    is StepFailedException
                        or EngineException
                        or CommandFailedException
                        or IOException
                        or InvalidDataException
                        or FormatException
                        or System.Security.Cryptography.CryptographicException
            )
        {
            throw new TargetFailedException(
                BackupReport.Failure($"restore of {what}", exception, "the database as it was, and all backups"),
                1,
                exception
            );
        }
        build.WriteLine(
            $"  restored  {what}: {record.Facts.Tables.Length} tables, {record.Facts.Rows} rows, each table as it was"
        );
        if (kept is not null)
            await SettleAsync(build, host, server, kept, state, cancellationToken);
    }

    /// <summary>The name that the database before gets; never longer than PostgreSQL's names.</summary>
    internal static string KeptName(string database, DateTimeOffset now)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $"_before_{now.UtcDateTime:yyyyMMdd'T'HHmmss}")
            .ToLowerInvariant();
        while (System.Text.Encoding.UTF8.GetByteCount(database) + end.Length > LongestName)
            database = database[..^1];
        return database + end;
    }

    private static async Task FillAsync(
        BackupFolder folder,
        IDatabaseHost host,
        DatabaseServer server,
        string database,
        BackupRecord record,
        string? key,
        CancellationToken cancellationToken
    )
    {
        var copy = await host.RestoreBesideAsync(
            server,
            database,
            Beside,
            record.Facts,
            (stream, token) => folder.ReadAsync(record.Name, finished: true, key, stream, token),
            cancellationToken
        );
        var differences = TableDigests.Differences(record.Facts.Tables, copy);
        if (differences.IsEmpty)
            return;
        await host.DropAsync(server, Beside, cancellationToken);
        throw new StepFailedException("what was restored is not what was backed up", [.. differences.Take(10)]);
    }

    private static async Task SettleAsync(
        IBackup build,
        IDatabaseHost host,
        DatabaseServer server,
        string kept,
        DatabaseState state,
        CancellationToken cancellationToken
    )
    {
        // Whoever has written to it meanwhile finds it again.
        if (
            state == DatabaseState.Empty
            && await host.LookAsync(server, kept, cancellationToken) == DatabaseState.Empty
        )
        {
            await host.DropAsync(server, kept, cancellationToken);
            return;
        }
        build.WriteLine(
            $"  kept      the database before, as {kept}: its sessions were ended, and services connect to the restored one"
        );
        build.WriteLine(
            $"  next      when it is not needed any more: docker exec {server.Id[..Math.Min(12, server.Id.Length)]} dropdb --username={server.User} {kept}"
        );
    }

    private static BackupRecord Find(IBackup build, BackupFolder folder)
    {
        var all = folder.List();
        var names = all.IsEmpty
            ? $"There are none in {folder.Path}; --backups <folder> names another."
            : $"Newest first: {string.Join(", ", all.Take(5).Select(record => record.Name))}.";
        if (build.RestoredBackup is not { Length: > 0 } name)
            throw new ConfigurationException("--backup", "no backup was named", names);
        return all.FirstOrDefault(record => record.Name == Path.GetFileName(name))
            ?? throw new ConfigurationException(
                "--backup",
                $"there is no backup {PrintableText.Of(name, 120)} with a record that can be read",
                names
            );
    }

    private static string RequireKey(IBackup build, BackupRecord record) =>
        BackupRun.KeyOf(build)
        ?? throw new ConfigurationException(
            "--backup-key",
            $"{record.Name} is encrypted, and there is no key",
            "Give the one that it was made with: BACKUP_KEY in the environment."
        );

    private static async Task ConfirmAsync(
        IBackup build,
        DeploySession session,
        string what,
        string database,
        string kept,
        CancellationToken cancellationToken
    )
    {
        if (build.ConfirmDatabase == database)
            return;
        var shown = PrintableText.Of(database, 80);
        if (build.ConfirmDatabase is { } other)
            throw new ConfigurationException(
                "--confirm-database",
                $"it says {PrintableText.Of(other, 80)}, and the database is {shown}",
                "Nothing was touched."
            );
        var question =
            $"Restore {what}? The database is not empty: all that was written since goes out of use, and is kept as {kept}.";
        if (!session.HasTerminal)
            throw new ConfigurationException(
                "Restore",
                $"{question} There is no terminal to ask on",
                $"Say so beforehand: --confirm-database {shown}."
            );
        if (!await Machine.ConfirmAsync(question, cancellationToken))
            throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
    }
}
