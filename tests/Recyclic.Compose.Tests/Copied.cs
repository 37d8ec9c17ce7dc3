namespace Recyclic.Compose.Tests;

/// <summary>
/// A compose file with what is beside it, in a folder of its own that goes in the end; a file of `files` itself comes
/// alone.
/// </summary>
internal sealed class Copied : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cmp kind ");

    /// <param name="file">Below `files`.</param>
    public Copied(string file)
    {
        Source = Path.Combine(Repository.Files, file);
        File = Path.Combine(Root, Path.GetFileName(file));
        var folder = Path.GetDirectoryName(Source)!;
        foreach (
            var each in folder == Repository.Files
                ? [Source]
                : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        )
        {
            var copy = new FileInfo(Path.Combine(Root, Path.GetRelativePath(folder, each)));
            copy.Directory!.Create();
            System.IO.File.Copy(each, copy.FullName);
        }
    }

    /// <summary>The compose file that was copied.</summary>
    public string Source { get; }

    public string Root => _folder.FullName;

    /// <summary>The copy.</summary>
    public string File { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
