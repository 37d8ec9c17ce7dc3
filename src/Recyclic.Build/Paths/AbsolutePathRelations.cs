namespace Recyclic.Build;

/// <summary>How one path lies to another. Looks at the names only, not at the disk.</summary>
public static class AbsolutePathRelations
{
    /// <summary>The way from here to there, with the platform's separators: <c>../b/c.txt</c>.</summary>
    public static string GetRelativePathTo(this AbsolutePath path, AbsolutePath target) =>
        Path.GetRelativePath(path, target);

    /// <summary>The way from here to there, with slashes on every platform.</summary>
    public static string GetUnixRelativePathTo(this AbsolutePath path, AbsolutePath target) =>
        Path.GetRelativePath(path, target).Replace('\\', '/');

    /// <summary>Whether the path is the other one or lies below it.</summary>
    public static bool IsAtOrBelow(this AbsolutePath path, AbsolutePath other) =>
        path == other || (path.Parent is { } parent && parent.IsAtOrBelow(other));

    /// <summary>The path with another extension, given with or without its dot.</summary>
    public static AbsolutePath WithExtension(this AbsolutePath path, string extension) =>
        Path.ChangeExtension(path, extension);
}
