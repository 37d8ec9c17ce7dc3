using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: the files that `docker compose` finds in a folder by itself.</summary>
public static class ComposeFileNames
{
    /// <summary>The first that is there counts.</summary>
    private static readonly string[] Files =
    [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ];

    /// <summary>Merged over it, whatever its own name; the first that is there counts.</summary>
    private static readonly string[] Overrides =
    [
        "compose.override.yml",
        "compose.override.yaml",
        "docker-compose.override.yml",
        "docker-compose.override.yaml",
    ];

    /// <returns>The file and its override; where there is no file, the path where the most usual one would
    /// be.</returns>
    public static ImmutableArray<string> In(string folder, Func<string, bool> exists)
    {
        if (Find(Files) is not { } file)
            return [Path.Combine(folder, "docker-compose.yml")];
        return Find(Overrides) is { } further ? [file, further] : [file];

        string? Find(string[] names) => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(exists);
    }
}
