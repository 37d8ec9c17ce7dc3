using Recyclic.Components.Adapters;
using Recyclic.Processes;

namespace Recyclic.Components.Tests;

/// <summary>What is asked of git, asked of git.</summary>
[CancelAfter(60_000)]
public sealed class GitTests
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-git-");

    [OneTimeTearDown]
    public void Remove() => _directory.Delete(recursive: true);

    [Test]
    public async Task A_commit_is_on_a_branch_or_not_or_there_is_no_such_branch(CancellationToken cancellationToken)
    {
        await GitAsync("init", "--initial-branch", "main");
        var released = await CommitAsync("released");
        await GitAsync("switch", "--create", "develop");
        var coming = await CommitAsync("coming");
        await GitAsync("update-ref", "refs/remotes/origin/only-there", coming);

        (await Git.IsOnBranchAsync(_directory.FullName, released, "main", cancellationToken)).ShouldBe(true);
        (await Git.IsOnBranchAsync(_directory.FullName, coming, "main", cancellationToken)).ShouldBe(false);
        (await Git.IsOnBranchAsync(_directory.FullName, coming, "only-there", cancellationToken)).ShouldBe(true);
        (await Git.IsOnBranchAsync(_directory.FullName, coming, "nowhere", cancellationToken)).ShouldBeNull();
    }

    private async Task<string> CommitAsync(string message)
    {
        await GitAsync(
            "-c",
            "user.name=bob",
            "-c",
            "user.email=bob@shop.example",
            "commit",
            "--allow-empty",
            "--message",
            message
        );
        return await GitAsync("rev-parse", "HEAD");
    }

    private async Task<string> GitAsync(params string[] arguments) =>
        (
            await new ProcessCommandRunner().RunAsync(
                Command.Of("git", arguments) with
                {
                    WorkingDirectory = _directory.FullName,
                },
                CancellationToken.None
            )
        )
            .EnsureSuccess()
            .StandardOutput.Trim();
}
