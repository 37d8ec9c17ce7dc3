using Recyclic.Processes;

namespace Recyclic.Workflows.Adapters;

/// <summary>The repository as a job sees it: its last commit, and nothing of what is not committed.</summary>
/// <param name="runner">Runs git.</param>
/// <param name="root">The root of the repository.</param>
internal sealed class ClonedRepository(ICommandRunner runner, string root)
{
    /// <returns>Why it failed; null when it did not.</returns>
    public async Task<string?> CloneAsync(string directory, CancellationToken cancellationToken)
    {
        var head = await GitAsync(root, cancellationToken, "rev-parse", "HEAD");
        if (!head.Succeeded)
            return $"there is no commit to check out: {head.StandardError.Trim()}";
        var clone = await GitAsync(
            root,
            cancellationToken,
            "clone",
            "--quiet",
            "--no-hardlinks",
            "--no-checkout",
            root,
            directory
        );
        if (!clone.Succeeded)
            return clone.StandardError.Trim();
        var checkout = await GitAsync(
            directory,
            cancellationToken,
            "checkout",
            "--quiet",
            "--detach",
            head.StandardOutput.Trim()
        );
        return checkout.Succeeded ? null : checkout.StandardError.Trim();
    }

    private Task<CommandResult> GitAsync(
        string directory,
        CancellationToken cancellationToken,
        params string[] arguments
    ) =>
        runner.RunAsync(
            Command.Of("git", arguments) with
            {
                WorkingDirectory = directory,
                Timeout = TimeSpan.FromMinutes(5),
            },
            cancellationToken
        );
}
