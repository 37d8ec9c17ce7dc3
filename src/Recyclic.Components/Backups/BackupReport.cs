using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Backups;

namespace Recyclic.Components.Backups;

/// <summary>Pure: backups as they are shown.</summary>
internal static class BackupReport
{
    /// <summary>A table, newest first.</summary>
    public static string ToText(ImmutableArray<BackupRecord> backups, string folder, DateTimeOffset now)
    {
        if (backups.IsEmpty)
            return $"There are no backups in {folder}. To make one: ./build.sh Backup";
        var rows = backups
            .Select(backup =>
                new[]
                {
                    PrintableText.Of(backup.Name, 200),
                    $"{Spelled.Time(now - backup.At)} old",
                    Size(backup.Bytes),
                    PrintableText.Of($"{backup.Environment} {backup.Service}/{backup.Facts.Database}", 80),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{backup.Facts.Tables.Length} tables, {backup.Facts.Rows} rows"
                    ),
                    (backup.CheckedAt is null ? "NOT checked" : "checked") + (backup.IsEncrypted ? ", encrypted" : ""),
                }
            )
            .ToList();
        var widths = Enumerable.Range(0, 5).Select(column => rows.Max(row => row[column].Length)).ToList();
        return string.Join(
            "\n",
            rows.Select(row =>
                string.Join("  ", row.Select((cell, column) => column < 5 ? cell.PadRight(widths[column]) : cell))
            )
        );
    }

    /// <summary>One document: an array, newest first.</summary>
    public static string ToJson(ImmutableArray<BackupRecord> backups, string folder, DateTimeOffset now) =>
        new JsonArray([.. backups.Select(backup => (JsonNode)ToObject(backup, folder, now))]).ToJsonString(
            new() { WriteIndented = true }
        );

    /// <summary>One backup as an object.</summary>
    public static JsonObject ToObject(BackupRecord backup, string folder, DateTimeOffset now) =>
        new()
        {
            ["name"] = backup.Name,
            ["file"] = Path.Combine(folder, backup.Name),
            ["app"] = backup.App,
            ["environment"] = backup.Environment,
            ["service"] = backup.Service,
            ["database"] = backup.Facts.Database,
            ["at"] = backup.At.UtcDateTime,
            ["ageSeconds"] = Math.Max(0, Math.Round((now - backup.At).TotalSeconds)),
            ["bytes"] = backup.Bytes,
            ["sha256"] = backup.Sha256,
            ["tables"] = backup.Facts.Tables.Length,
            ["rows"] = backup.Facts.Rows,
            ["checkedAt"] = backup.CheckedAt?.UtcDateTime,
            ["encrypted"] = backup.IsEncrypted,
        };

    /// <summary>`12.3 MB`.</summary>
    public static string Size(long bytes) =>
        bytes < 1000 ? $"{bytes} B"
        : bytes < 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB")
        : bytes < 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB");

    /// <summary>What went wrong, with evidence, what is kept, and what to do next.</summary>
    public static string Failure(string what, Exception cause, string kept) =>
        $"""
            {what} failed
              cause   {PrintableText.Lines(cause.Message)}{string.Concat(
                ((cause as Recyclic.Deploy.Running.StepFailedException)?.Evidence ?? []).Select(line => $"\n          {PrintableText.Of(line)}")
            )}
              users   as before: nothing that they use was changed
              kept    {kept}
              next    {((cause as Recyclic.Deploy.Running.StepFailedException)?.Next ?? Advice(cause))}
            """;

    private static string Advice(Exception cause) =>
        Reports.FullDisk.Advice(
            [cause.Message, .. (cause as Recyclic.Deploy.Running.StepFailedException)?.Evidence ?? []],
            null
        )
            is not null
            ? "a disk is full: make room where the line above says, or have backups written elsewhere, --backups <folder>; then run the same command again"
            : "mend the cause and run the same command again";
}
