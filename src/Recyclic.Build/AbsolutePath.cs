namespace Recyclic.Build;

/// <summary>A rooted, normalised path. <c>RootDirectory / "src" / "a.txt"</c> appends.</summary>
public sealed record AbsolutePath
{
    private readonly string _path;

    /// <exception cref="ArgumentException">The path is not rooted.</exception>
    public AbsolutePath(string path)
    {
        if (!Path.IsPathRooted(path)) throw new ArgumentException($"'{path}' is not an absolute path", nameof(path));
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    public string Name => Path.GetFileName(_path);
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(_path);
    public string Extension => Path.GetExtension(_path);

    /// <summary>The directory that holds this one; null for a root.</summary>
    public AbsolutePath? Parent => Path.GetDirectoryName(_path) is { } parent ? new(parent) : null;

    public static AbsolutePath operator /(AbsolutePath left, string right) => new(Path.Combine(left._path, right));

    public static implicit operator AbsolutePath(string path) => new(path);

    public static implicit operator string(AbsolutePath path) => path._path;

    public override string ToString() => _path;
}
