using Recyclic.Build;
using Recyclic.Components.Backups;
using Recyclic.Components.Backups.Adapters;

namespace Recyclic.Components;

/// <summary>Backs up the PostgreSQL database of an accessory.</summary>
public partial interface IBackup : IHazDeployment
{
    /// <summary>
    /// Where backups are, on the machine that runs the targets; null: `.recyclic/backups` below the root directory.
    /// </summary>
    [Parameter("Folder of the backups, on this machine; default: .recyclic/backups", Name = "backups")]
    AbsolutePath? BackupFolder => TryGetValue(() => BackupFolder);

    /// <summary>How many checked ones of a database are kept; null: 7.</summary>
    [Parameter("With Backup: how many checked backups of the database are kept; default: 7")]
    int? KeepBackups => TryGetValue(() => KeepBackups);

    /// <summary>The accessory; null: the one whose image is PostgreSQL's.</summary>
    [Parameter("With Backup and Restore: the accessory; default: the one whose image is PostgreSQL's")]
    string? BackupService => TryGetValue(() => BackupService);

    /// <summary>
    /// The database; null: the one that the server was made with (POSTGRES_DB), of a restore the one that was backed up.
    /// </summary>
    [Parameter("With Backup and Restore: the database; default: the one of POSTGRES_DB, or the one that was backed up")]
    string? Database => TryGetValue(() => Database);

    /// <summary>A secret. Null: backups are not encrypted.</summary>
    [Parameter("With Backup and Restore: encrypts, and decrypts; a line of at least 20 characters"), Secret]
    string? BackupKey => TryGetValue(() => BackupKey);

    /// <summary>
    /// Whether a deploy whose file declares a migration makes a backup before it touches anything. A backup that fails
    /// fails the deploy. Default: false. A build class may say otherwise: <c>bool IBackup.BackupBeforeMigrations => true;</c>
    /// </summary>
    [Parameter("With AtomicDeploy: where a migration is declared, make a backup first; a failed one stops the deploy")]
    bool BackupBeforeMigrations => TryGetValue(() => BackupBeforeMigrations);

    /// <summary>
    /// Dumps the database, restores the dump in a server of its own to see that all is in it, and only then keeps it. Exit
    /// code 1: it failed, and nothing of it is kept.
    /// </summary>
    Target Backup =>
        _ =>
            _.Description("Backs up the application's PostgreSQL, and checks the backup by restoring it")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            session.Environment.ThrowIfIncomplete();
                            var identity = await session.IdentifyAsync(cancellationToken);
                            WriteLine($"{identity}");
                            if (DryRun)
                            {
                                var (_, server, database) = await BackupRun.FindAsync(
                                    this,
                                    session,
                                    identity.App,
                                    cancellationToken
                                );
                                WriteLine(
                                    $"Would back up {server.Service}/{PrintableText.Of(database, 80)} to {BackupRun.FolderOf(this)}, and check it by restoring it."
                                );
                                return;
                            }
                            var record = await BackupRun.MakeAsync(this, session, identity.App, cancellationToken);
                            if (Json)
                                WriteDocument(
                                    BackupReport
                                        .ToObject(record, BackupRun.FolderOf(this), session.Time.GetUtcNow())
                                        .ToJsonString(new() { WriteIndented = true })
                                );
                        },
                        cancellationToken
                    )
                );

    /// <summary>Text, or with --json one document. Asks no host.</summary>
    Target Backups =>
        _ =>
            _.Description("Lists the backups that are on this machine, newest first")
                .Executes(() =>
                {
                    var folder = new BackupFolder(BackupRun.FolderOf(this));
                    var all = folder.List();
                    var now = TimeProvider.System.GetUtcNow();
                    if (Json)
                        WriteDocument(BackupReport.ToJson(all, folder.Path, now));
                    else
                        WriteLine(BackupReport.ToText(all, folder.Path, now));
                });
}
