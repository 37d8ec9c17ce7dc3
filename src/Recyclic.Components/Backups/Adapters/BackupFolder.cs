using System.Collections.Immutable;
using Recyclic.Deploy.Backups;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Backups.Adapters;

/// <summary>
/// Backups as files of a folder, each with its record beside it. A file has its name once it is whole, on the disk and
/// checked; until then it is hidden, and the next backup removes it.
/// </summary>
internal sealed class BackupFolder(string path)
{
    private const string Unfinished = ".unfinished";

    public string Path { get; } = path;

    /// <summary>The records that can be read, newest first; of files that are there.</summary>
    public ImmutableArray<BackupRecord> List() =>
        Directory.Exists(Path)
            ?
            [
                .. Directory
                    .EnumerateFiles(Path, "*.json")
                    .Select(Read)
                    .OfType<BackupRecord>()
                    .Where(record => BackupShelf.IsName(record.Name) && File.Exists(FileOf(record)))
                    .OrderByDescending(record => record.At)
                    .ThenBy(record => record.Name, StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Makes the folder, for this user alone, and lets no other backup be made in it until it is disposed of.</summary>
    /// <exception cref="ConfigurationException">It cannot be written to, or another one is at work.</exception>
    public IDisposable Begin()
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(Path);
            else
                Directory.CreateDirectory(
                    Path,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                );
            var ignore = In(".gitignore");
            if (!File.Exists(ignore))
                File.WriteAllText(ignore, "# Backups do not belong into a repository.\n*\n");
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
            };
            var held = File.Open(In(".lock"), options);
            foreach (var left in Directory.EnumerateFiles(Path, $".*{Unfinished}"))
                File.Delete(left);
            return held;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                "--backups",
                $"the folder {Path} cannot be used: {exception.Message}",
                "Choose another one, or wait for the backup that is being made in it."
            );
        }
    }

    /// <summary>Writes a file, not yet under its name.</summary>
    /// <returns>How long it is, and its hashes.</returns>
    public async Task<(long Bytes, string Sha256, string? Hmac)> WriteAsync(
        string name,
        BackupCipher? cipher,
        Func<Stream, Task> write,
        CancellationToken cancellationToken
    )
    {
        await using var file = PrivateFiles.Create(In($".{name}{Unfinished}"));
        await using var hashing = new HashingStream(file, cipher?.MacKey);
        if (cipher is null)
            await write(hashing);
        else
        {
            await using var encrypted = cipher.Encrypt(hashing);
            await write(encrypted);
        }
        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
        return (hashing.Written, hashing.Sha256(), hashing.Hmac());
    }

    /// <summary>Gives a file its name, and puts its record beside it.</summary>
    public void Keep(BackupRecord record)
    {
        var draft = In($".{record.Name}.json{Unfinished}");
        using (var file = PrivateFiles.Create(draft))
        {
            using (var writer = new StreamWriter(file, leaveOpen: true))
                writer.Write(record.ToJson() + "\n");
            file.Flush(flushToDisk: true);
        }
        File.Move(In($".{record.Name}{Unfinished}"), FileOf(record));
        File.Move(draft, FileOf(record) + ".json");
    }

    /// <summary>Removes what is left of one that is not kept.</summary>
    public void Drop(string name)
    {
        File.Delete(In($".{name}{Unfinished}"));
        File.Delete(In($".{name}.json{Unfinished}"));
    }

    /// <summary>Removes a backup: its record first, so that no record is of nothing.</summary>
    public void Remove(BackupRecord record)
    {
        File.Delete(FileOf(record) + ".json");
        File.Delete(FileOf(record));
    }

    /// <summary>Writes what was dumped to a stream.</summary>
    /// <param name="finished">False: it has not its name yet.</param>
    public async Task ReadAsync(
        string name,
        bool finished,
        string? key,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        await using var file = Open(finished ? In(name) : In($".{name}{Unfinished}"));
        if (key is null)
        {
            await file.CopyToAsync(destination, 1 << 17, cancellationToken);
            return;
        }
        using var cipher = BackupCipher.Of(key, file);
        await using var plain = cipher.Decrypt(file);
        await plain.CopyToAsync(destination, 1 << 17, cancellationToken);
    }

    /// <summary>Why a file is not what was written; null: it is.</summary>
    /// <param name="key">Proves an encrypted one.</param>
    public async Task<string?> WhyDamagedAsync(BackupRecord record, string? key, CancellationToken cancellationToken)
    {
        await using var file = Open(FileOf(record));
        if (file.Length != record.Bytes)
            return $"it has {file.Length} bytes instead of {record.Bytes}";
        byte[]? macKey = null;
        if (record.IsEncrypted && key is not null)
        {
            try
            {
                using var cipher = BackupCipher.Of(key, file);
                macKey = cipher.MacKey;
            }
            catch (InvalidDataException exception)
            {
                return exception.Message;
            }
            file.Position = 0;
        }
        await using var hashing = new HashingStream(Stream.Null, macKey);
        await file.CopyToAsync(hashing, 1 << 17, cancellationToken);
        return hashing.Sha256() != record.Sha256 ? "its SHA-256 is not the one that was recorded"
            : macKey is not null && hashing.Hmac() != record.Hmac
                ? "its HMAC is not the one that was recorded: the key is another one, or somebody has changed both file and record"
            : null;
    }

    private string FileOf(BackupRecord record) => In(record.Name);

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static FileStream Open(string file) =>
        new(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                Options = FileOptions.SequentialScan,
            }
        );

    private static BackupRecord? Read(string file)
    {
        try
        {
            var record = BackupRecord.FromJson(File.ReadAllText(file));
            return record is not null && System.IO.Path.GetFileName(file) == $"{record.Name}.json" ? record : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
