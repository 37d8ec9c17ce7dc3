using System.Text;

namespace Recyclic.Build;

/// <summary>What is at a path: asking, reading, writing, creating, deleting.</summary>
public static class AbsolutePathExtensions
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether a file or a directory is there.</summary>
    public static bool Exists(this AbsolutePath path) => Path.Exists(path);

    /// <summary>Whether a file is there.</summary>
    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    /// <summary>Whether a directory is there.</summary>
    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>The file's text; UTF-8 unless a mark at its beginning says otherwise.</summary>
    public static string ReadAllText(this AbsolutePath path) => File.ReadAllText(path);

    /// <summary>The file's lines; UTF-8 unless a mark at its beginning says otherwise.</summary>
    public static string[] ReadAllLines(this AbsolutePath path) => File.ReadAllLines(path);

    /// <summary>The file's bytes.</summary>
    public static byte[] ReadAllBytes(this AbsolutePath path) => File.ReadAllBytes(path);

    /// <summary>Writes a file in UTF-8 without a mark, and the directories above it.</summary>
    public static AbsolutePath WriteAllText(this AbsolutePath path, string text) =>
        Written(path, () => File.WriteAllText(path, text, Utf8));

    /// <inheritdoc cref="WriteAllText"/>
    public static AbsolutePath WriteAllLines(this AbsolutePath path, IEnumerable<string> lines) =>
        Written(path, () => File.WriteAllLines(path, lines, Utf8));

    /// <summary>Writes a file, and the directories above it.</summary>
    public static AbsolutePath WriteAllBytes(this AbsolutePath path, byte[] bytes) =>
        Written(path, () => File.WriteAllBytes(path, bytes));

    /// <summary>Appends to a file, which is created with the directories above it when it does not exist.</summary>
    public static AbsolutePath AppendAllText(this AbsolutePath path, string text) =>
        Written(path, () => File.AppendAllText(path, text, Utf8));

    /// <summary>Creates an empty file, or sets the time of the one that exists to now.</summary>
    public static AbsolutePath TouchFile(this AbsolutePath path) =>
        Written(
            path,
            () =>
            {
                if (File.Exists(path))
                    File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
                else
                    File.WriteAllBytes(path, []);
            }
        );

    /// <summary>Creates the directory and those above it, unless it exists.</summary>
    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Creates the directory, or deletes all that is in it.</summary>
    public static AbsolutePath CreateOrCleanDirectory(this AbsolutePath path)
    {
        path.CreateDirectory();
        foreach (var directory in Directory.GetDirectories(path))
            Directory.Delete(directory, recursive: !IsLink(directory));
        foreach (var file in Directory.GetFiles(path))
            File.Delete(file);
        return path;
    }

    /// <summary>Deletes the file, if there is one.</summary>
    public static void DeleteFile(this AbsolutePath path)
    {
        if (path.FileExists())
            File.Delete(path);
    }

    /// <summary>Deletes the directory with all that is in it, if there is one; of a link, the link alone.</summary>
    public static void DeleteDirectory(this AbsolutePath path)
    {
        if (path.DirectoryExists())
            Directory.Delete(path, recursive: !IsLink(path));
    }

    /// <summary>Deletes those of the files that exist.</summary>
    public static void DeleteFiles(this IEnumerable<AbsolutePath> paths)
    {
        foreach (var path in paths)
            path.DeleteFile();
    }

    /// <summary>
    /// Deletes those of the directories that exist, with all that is in them; of a link, the link alone.
    /// </summary>
    public static void DeleteDirectories(this IEnumerable<AbsolutePath> paths)
    {
        foreach (var path in paths)
            path.DeleteDirectory();
    }

    internal static bool IsLink(string path) => new DirectoryInfo(path).LinkTarget is not null;

    private static AbsolutePath Written(AbsolutePath path, Action write)
    {
        path.Parent?.CreateDirectory();
        write();
        return path;
    }
}
