namespace Recyclic.Compose.Tests;

/// <summary>Where things are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Files { get; } = Path.Combine(Root, "tests", "Recyclic.Compose.Tests", "files");

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "build.sh"))
            ? directory
            : FindRoot(
                Path.GetDirectoryName(directory)
                    ?? throw new InvalidOperationException("there is no build.sh above the tests")
            );
}
