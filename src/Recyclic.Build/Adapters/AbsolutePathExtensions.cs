namespace Recyclic.Build;

/// <summary>What is at a path.</summary>
public static class AbsolutePathExtensions
{
    public static bool Exists(this AbsolutePath path) => Path.Exists(path);

    public static bool FileExists(this AbsolutePath path) => File.Exists(path);

    public static bool DirectoryExists(this AbsolutePath path) => Directory.Exists(path);

    /// <summary>Creates the directory and those above it, unless it exists.</summary>
    public static AbsolutePath CreateDirectory(this AbsolutePath path)
    {
        Directory.CreateDirectory(path);
        return path;
    }
}
