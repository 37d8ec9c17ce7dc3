using Recyclic.Processes;

namespace Recyclic.Workflows.Tests;

/// <summary>A folder as a repository whose `build.sh` is a test's own.</summary>
internal static class CommittedBuild
{
    /// <summary>Writes the script and commits all that the folder has.</summary>
    public static async Task CommitAsync(string root, string script)
    {
        var file = Path.Combine(root, "build.sh");
        await File.WriteAllTextAsync(file, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        await GitAsync("init", "--quiet");
        await GitAsync("add", "--all");
        await GitAsync(
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "commit",
            "--quiet",
            "--message",
            "A build"
        );

        async Task GitAsync(params string[] arguments) =>
            (
                await new ProcessCommandRunner().RunAsync(
                    Command.Of("git", arguments) with
                    {
                        WorkingDirectory = root,
                    },
                    CancellationToken.None
                )
            ).EnsureSuccess();
    }
}
