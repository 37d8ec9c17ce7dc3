using Recyclic.Build;
using Recyclic.Components.Backups;

namespace Recyclic.Components;

/// <summary>Restores a backup.</summary>
public partial interface IBackup
{
    /// <summary>The name of its file, as <see cref="Backups"/> lists it.</summary>
    [Parameter("With Restore: the backup's name, as Backups lists it", Name = "backup")]
    string? RestoredBackup => TryGetValue(() => RestoredBackup);

    /// <summary>Null: a person is asked where the database is not empty.</summary>
    [Parameter("With Restore: the database's name again, to replace one that is not empty without being asked")]
    string? ConfirmDatabase => TryGetValue(() => ConfirmDatabase);

    /// <summary>
    /// Restores into a new database, compares it, and gives it the name. A database that was not empty stays under another
    /// name. Exit code 2: refused, nothing was touched; 1: it failed, and the database is as it was.
    /// </summary>
    Target Restore =>
        _ =>
            _.Description("Restores a backup; the database that it replaces is kept under another name")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            session.Environment.ThrowIfIncomplete();
                            var app = (await session.BeginChangeAsync(cancellationToken)).App;
                            await RestoreRun.RunAsync(this, session, app, cancellationToken);
                        },
                        cancellationToken
                    )
                );
}
