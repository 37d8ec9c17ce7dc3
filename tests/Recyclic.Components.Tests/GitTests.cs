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

    [Test]
    public async Task A_branch_that_is_called_like_a_commit_is_not_taken_for_it(CancellationToken cancellationToken)
    {
        await GitAsync("init", "--initial-branch", "main");
        var reviewed = await CommitAsync("reviewed");
        var other = await CommitAsync("another one");
        (await Git.CommitOfAsync(_directory.FullName, reviewed[..7], cancellationToken))!.Hash.ShouldBe(reviewed);
        await GitAsync("update-ref", $"refs/heads/{reviewed[..7]}", other);
        (await Git.CommitOfAsync(_directory.FullName, reviewed[..7], cancellationToken)).ShouldBeNull();
    }

    [Test]
    public async Task All_who_had_a_hand_in_what_is_new_are_read_whatever_they_write_into_their_names(
        CancellationToken cancellationToken
    )
    {
        await GitAsync("init", "--initial-branch", "main");
        var served = await CommitAsync("served");
        await GitAsync(
            "-c",
            "user.name=mallory\u001fbob\u001f",
            "-c",
            "user.email=mallory@shop.example",
            "commit",
            "--allow-empty",
            "--message",
            "hers\n\nCo-authored-by: Eve <eve@shop.example>"
        );
        // A file of the repository could say that she is bob.
        await File.WriteAllTextAsync(
            Path.Combine(_directory.FullName, ".mailmap"),
            "bob <bob@shop.example> <mallory@shop.example>\n",
            cancellationToken
        );
        var tip = await CommitAsync("tip");

        var commits = await Git.HistoryAsync(_directory.FullName, served, tip, 10, cancellationToken);
        commits.ShouldNotBeNull().Length.ShouldBe(2);
        var names = Recyclic.Components.Gates.Hands.Of(commits.Value).Names;
        names.ShouldContain("mallory@shop.example");
        names.ShouldContain("eve@shop.example");
        (await Git.HistoryAsync(_directory.FullName, served, tip, 1, cancellationToken)).ShouldBeNull("it is more");
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
