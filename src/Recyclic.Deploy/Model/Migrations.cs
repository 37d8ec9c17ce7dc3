namespace Recyclic.Deploy.Model;

/// <summary>What a migration leaves of the database to the release before it.</summary>
internal enum MigrationKind
{
    /// <summary>The release before it still works: a new table, a new column that may be null.</summary>
    Expand,

    /// <summary>It does not: a column that is dropped or renamed.</summary>
    Contract,
}

/// <summary>Pure: which one-offs migrate, and whether there is a way back across them.</summary>
internal static class Migrations
{
    /// <summary>Below `x-recyclic`.</summary>
    public const string Setting = "migration";

    /// <returns>Null: it is neither.</returns>
    public static MigrationKind? Read(string? text) =>
        text switch
        {
            "expand" => MigrationKind.Expand,
            "contract" => MigrationKind.Contract,
            _ => null,
        };

    /// <summary>
    /// The contract migration that lies between what users have and a release that they had; null: none does, so a
    /// rollback may go there.
    /// </summary>
    /// <param name="release">One that is deployed again after the migration is behind it.</param>
    public static JournalRecord? Between(Journal journal, Release release) =>
        journal
            .Records.Reverse()
            .TakeWhile(record => !(record.Kind == JournalKind.Commit && release.Equals(record.Release)))
            .FirstOrDefault(record => record.Kind == JournalKind.Contract && !release.Equals(record.Release));
}
