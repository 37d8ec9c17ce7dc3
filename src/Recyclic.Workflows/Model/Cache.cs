using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>
/// Directories that are kept between runs for as long as the files that decide their content are the same.
/// </summary>
/// <param name="Name">Begins the key.</param>
/// <param name="Path">What is kept.</param>
/// <param name="KeyFiles">Patterns of the files whose content is the key, such as lock files. Where no file matches any
/// of them, the key never changes.</param>
public sealed record Cache(string Name, string Path, params ImmutableArray<string> KeyFiles)
{
    /// <summary>
    /// Whether a run whose key is new begins with what the newest other key has kept; default: false, it begins with
    /// nothing.
    /// </summary>
    public bool RestoresOlder { get; init; }

    /// <summary>
    /// The packages of NuGet. The key is made of the lock files, and of what names packages where there are none.
    /// </summary>
    public static Cache NuGet { get; } =
        new(
            "nuget",
            "~/.nuget/packages",
            "**/packages.lock.json",
            "**/*.csproj",
            "**/*.fsproj",
            "**/*.vbproj",
            "**/Directory.Packages.props",
            "**/Directory.Build.props"
        )
        {
            RestoresOlder = true,
        };
}
