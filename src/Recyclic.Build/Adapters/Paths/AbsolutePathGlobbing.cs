using Recyclic.Build.Paths;

namespace Recyclic.Build;

/// <summary>
/// Finds files and directories by patterns such as <c>src/**/*.cs</c>: <c>*</c> and <c>?</c> within a name, <c>**</c>
/// for any number of levels, <c>[a-z]</c>, <c>{a,b}</c>. Results come in ordinal order; links to directories are not
/// followed. </summary>
public static class AbsolutePathGlobbing
{
    /// <summary>
    /// Files below the directory that match one of the patterns; none when the directory does not exist.
    /// </summary>
    /// <exception cref="ArgumentException">A pattern is absolute, leaves the directory or has a bracket that is not
    /// closed.</exception>
    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        Glob(directory, patterns, directories: false);

    /// <summary>
    /// Directories below the directory that match one of the patterns; none when the directory does not exist.
    /// </summary>
    /// <inheritdoc cref="GlobFiles"/>
    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(
        this AbsolutePath directory,
        params string[] patterns
    ) => Glob(directory, patterns, directories: true);

    /// <summary>Files in the directory, with <paramref name="depth"/> levels of those below it.</summary>
    /// <param name="pattern">Of the name; default: every name.</param>
    /// <param name="depth">Default: 1, the directory itself.</param>
    public static IEnumerable<AbsolutePath> GetFiles(
        this AbsolutePath directory,
        string pattern = "*",
        int depth = 1
    ) => directory.GlobFiles([.. Levels(pattern, depth)]);

    /// <summary>Directories in the directory, with <paramref name="depth"/> levels of those below it.</summary>
    /// <inheritdoc cref="GetFiles"/>
    public static IEnumerable<AbsolutePath> GetDirectories(
        this AbsolutePath directory,
        string pattern = "*",
        int depth = 1
    ) => directory.GlobDirectories([.. Levels(pattern, depth)]);

    private static IEnumerable<string> Levels(string pattern, int depth) =>
        Enumerable.Range(0, depth).Select(level => string.Concat(Enumerable.Repeat("*/", level)) + pattern);

    private static List<AbsolutePath> Glob(AbsolutePath directory, string[] patterns, bool directories)
    {
        GlobPattern[] globs = [.. patterns.SelectMany(GlobPattern.Parse)];
        var found = new List<AbsolutePath>();
        if (directory.DirectoryExists())
            Visit(directory, [], globs, directories, found);
        found.Sort((a, b) => string.CompareOrdinal(a, b));
        return found;
    }

    private static void Visit(
        string directory,
        string[] parts,
        GlobPattern[] globs,
        bool directories,
        List<AbsolutePath> found
    )
    {
        if (!globs.Any(glob => glob.MayMatchBelow(parts)))
            return;
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            string[] path = [.. parts, entry.Name];
            var isDirectory = entry.Attributes.HasFlag(FileAttributes.Directory);
            if (isDirectory == directories && globs.Any(glob => glob.Matches(path)))
                found.Add(entry.FullName);
            if (isDirectory && entry.LinkTarget is null)
                Visit(entry.FullName, path, globs, directories, found);
        }
    }
}
