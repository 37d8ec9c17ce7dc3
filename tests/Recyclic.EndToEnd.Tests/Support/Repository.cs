namespace Recyclic.EndToEnd.Support;

/// <summary>Where the repository is that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(TestContext.CurrentContext.TestDirectory));

    public static string BuildScript => Path.Combine(Root, "build.sh");

    private static string Find(DirectoryInfo? directory)
    {
        for (; directory is not null; directory = directory.Parent)
            if (
                Directory.Exists(Path.Combine(directory.FullName, ".nuke"))
                && File.Exists(Path.Combine(directory.FullName, "build.sh"))
            )
                return directory.FullName;
        throw new DirectoryNotFoundException("The tests do not lie in a repository with build.sh and .nuke.");
    }
}
