using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup.Adapters;

/// <summary>
/// Keeps the record of what Setup did: `/var/lib/recyclic/setup.json`, or for another user than root in the user's own
/// data folder.
/// </summary>
/// <param name="root">Where the machine's files begin.</param>
internal sealed class RecordFile(string root = "/")
{
    private readonly string _path = Components.Adapters.Machine.IsRoot
        ? System.IO.Path.Combine(root, "var/lib/recyclic/setup.json")
        : System.IO.Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            "recyclic",
            "setup.json"
        );

    public string Path => _path;

    /// <exception cref="ConfigurationException">What is there is no record: it is left alone, and nothing is done that
    /// could not be written down.</exception>
    public async Task<SetupRecord> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
            return SetupRecord.Empty;
        return SetupRecord.Parse(await File.ReadAllTextAsync(_path, cancellationToken))
            ?? throw new ConfigurationException(
                _path,
                "this is not a record of Setup that this version can read",
                "Use the version that wrote it; or move the file away, and then Setup no longer knows what it did here."
            );
    }

    public async Task AddAsync(SetupChange change, CancellationToken cancellationToken) =>
        await WriteAsync((await ReadAsync(cancellationToken)).With(change), cancellationToken);

    /// <summary>Replaces the record in one step; an empty one leaves no file.</summary>
    public async Task WriteAsync(SetupRecord record, CancellationToken cancellationToken)
    {
        if (record.Changes.IsEmpty)
        {
            File.Delete(_path);
            return;
        }
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
        await File.WriteAllTextAsync(_path + ".new", record.ToJson(), cancellationToken);
        File.Move(_path + ".new", _path, overwrite: true);
    }
}
