using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Recyclic.Build;

/// <summary>
/// A rooted, normalised path. <c>RootDirectory / "src" / "a.txt"</c> appends a part, <c>path / ..</c> is the parent,
/// <c>path + ".bak"</c> appends text to the name. Two paths are equal when their texts are, on Windows whatever their
/// case. </summary>
[JsonConverter(typeof(AbsolutePathJsonConverter))]
[TypeConverter(typeof(AbsolutePathTypeConverter))]
public sealed record AbsolutePath
{
    private static readonly StringComparer Comparer = OperatingSystem.IsWindows()
        ? StringComparer.OrdinalIgnoreCase
        : StringComparer.Ordinal;
    private readonly string _path;

    /// <exception cref="ArgumentException">The path is not rooted.</exception>
    public AbsolutePath(string path)
    {
        if (!Path.IsPathFullyQualified(path))
            throw new ArgumentException($"'{path}' is not an absolute path", nameof(path));
        _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <summary>The last part.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>The last part up to its last dot.</summary>
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(_path);

    /// <summary>The last dot of the name and what follows; empty when there is none.</summary>
    public string Extension => Path.GetExtension(_path);

    /// <summary>The directory that holds this one; null for a root.</summary>
    public AbsolutePath? Parent => Path.GetDirectoryName(_path) is { } parent ? new(parent) : null;

    /// <summary>
    /// Appends a part, which may have several levels and may go up; an absolute one replaces the path.
    /// </summary>
    public static AbsolutePath operator /(AbsolutePath left, string right) => new(Path.Combine(left._path, right));

    /// <summary><c>path / ..</c>: the parent; a root stays itself.</summary>
    /// <exception cref="ArgumentException">The range is not <c>..</c>.</exception>
    public static AbsolutePath operator /(AbsolutePath left, Range up) =>
        up.Equals(Range.All) ? left.Parent ?? left : throw new ArgumentException("only .. leads to a path", nameof(up));

    /// <summary>Appends text to the name: <c>archive + ".sha256"</c>.</summary>
    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left._path + right);

    /// <summary>A text that ends in a path: <c>"--file=" + path</c>.</summary>
    public static string operator +(string left, AbsolutePath right) => left + right._path;

    /// <exception cref="ArgumentException">The path is not rooted.</exception>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator AbsolutePath?(string? path) => path is null ? null : new(path);

    /// <summary>The path as text.</summary>
    [return: NotNullIfNotNull(nameof(path))]
    public static implicit operator string?(AbsolutePath? path) => path?._path;

    /// <summary>Whether the texts are equal, on Windows whatever their case.</summary>
    public bool Equals(AbsolutePath? other) => other is not null && Comparer.Equals(_path, other._path);

    /// <inheritdoc/>
    public override int GetHashCode() => Comparer.GetHashCode(_path);

    /// <summary>The path as text.</summary>
    public override string ToString() => _path;
}
