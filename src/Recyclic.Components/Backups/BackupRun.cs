using Recyclic.Build;
using Recyclic.Components.Backups.Adapters;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components.Backups;

/// <summary>Makes one backup: dump, check by a restore, and only then a name.</summary>
internal static class BackupRun
{
    private const int UsualKeep = 7;

    /// <exception cref="TargetFailedException">It failed; nothing of it is kept.</exception>
    /// <exception cref="ConfigurationException">It cannot be made at all.</exception>
    public static async Task<BackupRecord> MakeAsync(
        IBackup build,
        DeploySession session,
        string app,
        CancellationToken cancellationToken
    )
    {
        if (build.KeepBackups < 1)
            throw new ConfigurationException("--keep-backups", $"{build.KeepBackups} keeps none", "Use 1 or more.");
        var key = KeyOf(build);
        var (host, server, database) = await FindAsync(build, session, app, cancellationToken);
        var folder = new BackupFolder(FolderOf(build));
        using var held = folder.Begin();
        await host.ClearTryOutsAsync(app, cancellationToken);
        var at = session.Time.GetUtcNow();
        var name = BackupShelf.NameOf(app, database, at, key is not null);
        try
        {
            using var cipher = key is null ? null : BackupCipher.New(key);
            DumpFacts? facts = null;
            var (bytes, sha, hmac) = await folder.WriteAsync(
                name,
                cipher,
                async file => facts = await host.DumpAsync(server, database, file, cancellationToken),
                cancellationToken
            );
            build.WriteLine(
                $"  dumped   {server.Service}/{PrintableText.Of(database, 80)}: {facts!.Tables.Length} tables, {facts.Rows} rows, {BackupReport.Size(facts.Bytes)} there, {BackupReport.Size(bytes)} as a file, after {Seconds(session, at)}"
            );
            var copy = await host.TryOutAsync(
                server,
                facts,
                (stream, token) => folder.ReadAsync(name, finished: false, key, stream, token),
                cancellationToken
            );
            var differences = TableDigests.Differences(facts.Tables, copy);
            if (!differences.IsEmpty)
                throw new StepFailedException(
                    "the backup was restored, and is not what the database was",
                    [.. differences.Take(10)]
                );
            var now = session.Time.GetUtcNow();
            build.WriteLine(
                $"  checked  restored in a server of its own: each table has the same rows, after {Seconds(session, at)}"
            );
            var record = new BackupRecord(
                name,
                app,
                session.Environment.Spec.Name,
                server.Service,
                at,
                Math.Round((now - at).TotalSeconds, 1),
                bytes,
                sha,
                facts
            )
            {
                CheckedAt = now,
                Hmac = hmac,
            };
            folder.Keep(record);
            build.WriteLine($"  kept     {Path.Combine(folder.Path, name)}");
            Retain(build, folder, record);
            return record;
        }
        catch (OperationCanceledException)
        {
            folder.Drop(name);
            throw;
        }
        catch (Exception exception)
            when (exception
                    is StepFailedException
                        or EngineException
                        or CommandFailedException
                        or IOException
                        or UnauthorizedAccessException
                        or InvalidDataException
                        or FormatException
            )
        {
            folder.Drop(name);
            var before = folder.List().Length;
            throw new TargetFailedException(
                BackupReport.Failure(
                    $"backup of {app}'s {server.Service}/{PrintableText.Of(database, 80)}",
                    exception,
                    before == 0
                        ? "nothing of it; there is no backup before it"
                        : $"nothing of it; the {before} in {folder.Path} are as they were"
                ),
                1,
                exception
            );
        }
    }

    /// <summary>The server and the database that the options mean.</summary>
    public static async Task<(IDatabaseHost Host, DatabaseServer Server, string Database)> FindAsync(
        IBackup build,
        DeploySession session,
        string app,
        CancellationToken cancellationToken
    )
    {
        var host =
            session.Platform.Databases
            ?? throw new ConfigurationException(
                $"environment {session.Environment.Spec.Name}",
                "nothing there dumps or restores databases",
                "Backups are of a Docker engine's PostgreSQL."
            );
        var request = await session.RequestAsync(defaultTag: false, cancellationToken);
        var compose = await session.Platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            null,
            request.Registry,
            cancellationToken
        );
        var service = DatabaseChoice.Of(compose, build.BackupService);
        var server = await host.FindAsync(app, service, cancellationToken);
        var database = build.Database ?? server.Database;
        if (
            database.Length is 0 or > 63
            || database.Contains('=')
            || database.Contains("://", StringComparison.Ordinal)
        )
            throw new ConfigurationException(
                "--database",
                $"'{PrintableText.Of(database, 80)}' cannot be the name of a database that is backed up",
                "Use 1 to 63 characters without '='."
            );
        return (host, server, database);
    }

    /// <summary>Null: backups are not encrypted.</summary>
    /// <exception cref="ConfigurationException">It is too short to keep anybody out.</exception>
    public static string? KeyOf(IBackup build)
    {
        if (build.BackupKey is not { Length: > 0 } given)
            return null;
        build.AddSecret(given);
        var key = given.Trim();
        return key.Length >= BackupCipher.ShortestKey && !key.Contains('\n')
            ? key
            : throw new ConfigurationException(
                "--backup-key",
                $"it is no line of at least {BackupCipher.ShortestKey} characters",
                "Make one: openssl rand -base64 32."
            );
    }

    /// <summary>Where backups are.</summary>
    public static string FolderOf(IBackup build) => build.BackupFolder ?? build.RootDirectory / ".recyclic" / "backups";

    private static void Retain(IBackup build, BackupFolder folder, BackupRecord record)
    {
        var keep = build.KeepBackups ?? UsualKeep;
        foreach (var old in BackupShelf.Surplus(folder.List(), record, keep))
        {
            folder.Remove(old);
            build.WriteLine($"  removed  {old.Name}: {keep} newer ones are kept");
        }
    }

    private static string Seconds(DeploySession session, DateTimeOffset since) =>
        FormattableString.Invariant($"{(session.Time.GetUtcNow() - since).TotalSeconds:0.0} s");
}
