using System.Collections.Immutable;
using System.Globalization;

namespace Recyclic.Deploy.Backups;

/// <summary>Pure: how backups are called, which of them stay, and which is the newest that counts.</summary>
public static class BackupShelf
{
    /// <summary>The name of a backup's file: `shop-orders-20260302T091200Z.dump`.</summary>
    public static string NameOf(string app, string database, DateTimeOffset at, bool encrypted) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{app}-{Plain(database)}-{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.dump{(encrypted ? ".enc" : "")}"
        );

    /// <summary>Whether a text can be the name of a backup's file: no path, nothing hidden.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and < 200
        && text[0] != '.'
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
        && (text.EndsWith(".dump", StringComparison.Ordinal) || text.EndsWith(".dump.enc", StringComparison.Ordinal));

    /// <summary>
    /// Those that are more than are to be kept of one database, oldest last. One that was never found good takes nobody's
    /// place, and goes with those that are older than all that stay.
    /// </summary>
    /// <param name="keep">How many, at least 1.</param>
    public static ImmutableArray<BackupRecord> Surplus(IEnumerable<BackupRecord> all, BackupRecord of, int keep)
    {
        var ordered = all.Where(record =>
                (record.App, record.Environment, record.Service, record.Facts.Database)
                == (of.App, of.Environment, of.Service, of.Facts.Database)
            )
            .OrderByDescending(record => record.At)
            .ToList();
        var good = ordered.Where(record => record.CheckedAt is not null).Take(Math.Max(1, keep)).ToList();
        return good.Count < Math.Max(1, keep) ? [] : [.. ordered.Where(record => record.At < good[^1].At)];
    }

    private static string Plain(string database) =>
        database.Length > 0 && database.Length <= 60
            ? string.Concat(
                database.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_')
            )
            : "database";
}
