namespace Recyclic.Components.Setup;

/// <summary>Pure: reads `/proc/mounts`.</summary>
internal static class Mounts
{
    /// <summary>
    /// Whether the file system that a path is on is read-only; a path is on the longest mount point before it, and of
    /// several there on the last.
    /// </summary>
    public static bool IsReadOnly(IEnumerable<string> lines, string path)
    {
        var mounts = lines
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 3 && IsOn(path, fields[1]))
            .ToList();
        return mounts.Count > 0
            && mounts
                .Where(fields => fields[1].Length == mounts.Max(other => other[1].Length))
                .Last()[3]
                .Split(',')
                .Contains("ro");
    }

    private static bool IsOn(string path, string mount) =>
        mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);
}
