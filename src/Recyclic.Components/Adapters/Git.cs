using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Adapters;

/// <summary>What the images are built from.</summary>
/// <param name="Hash">All 40 digits of HEAD.</param>
/// <param name="CommittedAt">As git writes it, ISO 8601.</param>
/// <param name="IsDirty">Whether the working tree has changes that are not in it.</param>
internal sealed record Commit(string Hash, string CommittedAt, bool IsDirty);

/// <summary>A commit and the names that its author goes by.</summary>
internal sealed record AuthoredCommit(string Hash, System.Collections.Immutable.ImmutableArray<string> Authors);

/// <summary>The repository that a folder is in.</summary>
/// <param name="Prefix">The folder's path in it, with a slash at its end; empty: its root.</param>
/// <param name="Remote">The address of `origin`, or of the only remote, as git has it: it may hold a token; null: there
/// is none.</param>
/// <param name="FirstCommit">Null: this copy does not go back so far.</param>
internal sealed record GitRepository(string Prefix, string? Remote, string? FirstCommit);

internal static class Git
{
    private static readonly ToolRunner Runner = new();

    /// <summary>HEAD's first 7 hex digits; null: this is no git checkout, or it has no commit.</summary>
    public static async Task<ReleaseTag?> HeadTagAsync(string directory, CancellationToken cancellationToken) =>
        await RunAsync(directory, cancellationToken, "rev-parse", "HEAD") is { Succeeded: true } result
            ? ReleaseTag.Parse(result.StandardOutput.Trim()[..7])
            : null;

    /// <summary>HEAD, or null outside a git checkout.</summary>
    public static async Task<Commit?> HeadAsync(string directory, CancellationToken cancellationToken)
    {
        var head = await RunAsync(directory, cancellationToken, "show", "--no-patch", "--format=%H %cI", "HEAD");
        if (head is not { Succeeded: true } || head.StandardOutput.Trim().Split(' ') is not [var hash, var at])
            return null;
        var status = await RunAsync(directory, cancellationToken, "status", "--porcelain", "--untracked-files=no");
        return new Commit(hash, at, status is { Succeeded: true, StandardOutput.Length: > 0 });
    }

    /// <summary>The commit that a tag names, or null: it names none here.</summary>
    public static async Task<AuthoredCommit?> CommitOfAsync(
        string directory,
        string tag,
        CancellationToken cancellationToken
    )
    {
        var result = await RunAsync(
            directory,
            cancellationToken,
            "show",
            "--no-patch",
            "--format=%H%n%an%n%ae",
            "--end-of-options",
            $"{tag}^{{commit}}"
        );
        return
            result is { Succeeded: true }
            && result.StandardOutput.Trim().Split('\n') is [var hash, .. var authors]
            && !IsOtherThanItSays(tag, hash)
            ? new AuthoredCommit(hash, [.. authors.Where(author => author.Length > 0).Distinct()])
            : null;
    }

    /// <summary>
    /// Git takes a branch or a tag before a commit's first digits: whoever may push one could have another commit
    /// looked at than the one that the release is called after.
    /// </summary>
    private static bool IsOtherThanItSays(string tag, string hash) =>
        tag.Length is >= 7 and <= 40
        && tag.All(char.IsAsciiHexDigitLower)
        && !hash.StartsWith(tag, StringComparison.Ordinal);

    /// <summary>
    /// The commits up to one that are not in another, the newest first, as they are written: no file of the repository
    /// has a say in who is who.
    /// </summary>
    /// <param name="after">Null: all.</param>
    /// <returns>Null: git does not say, or there are more than <paramref name="most"/>.</returns>
    public static async Task<System.Collections.Immutable.ImmutableArray<Gates.WrittenCommit>?> HistoryAsync(
        string directory,
        string? after,
        string upTo,
        int most,
        CancellationToken cancellationToken
    )
    {
        var result = await RunAsync(
            directory,
            cancellationToken,
            "--no-replace-objects",
            "-c",
            "log.showSignature=false",
            "log",
            "-z",
            $"--max-count={most + 1}",
            "--format=%H%x00%an%x00%ae%x00%cn%x00%ce%x00%B",
            "--end-of-options",
            after is null ? upTo : $"{after}..{upTo}"
        );
        if (result is not { Succeeded: true })
            return null;
        var fields = result.StandardOutput.Split('\0');
        // What ends with a separator has an empty field behind it, or the end of a line.
        if (fields is [.., var rest] && string.IsNullOrWhiteSpace(rest))
            fields = fields[..^1];
        if (fields.Length % 6 != 0 || fields.Length / 6 > most)
            return null;
        return
        [
            .. fields
                .Chunk(6)
                .Select(commit => new Gates.WrittenCommit(
                    commit[0].Trim(),
                    new(commit[1], commit[2]),
                    new(commit[3], commit[4]),
                    commit[5]
                )),
        ];
    }

    /// <summary>
    /// Whether a commit is on a branch, here or as the remote was last seen; null: there is no such branch.
    /// </summary>
    public static async Task<bool?> IsOnBranchAsync(
        string directory,
        string commit,
        string branch,
        CancellationToken cancellationToken
    )
    {
        bool? known = null;
        foreach (var reference in new[] { $"refs/heads/{branch}", $"refs/remotes/origin/{branch}" })
        {
            if (
                await RunAsync(
                    directory,
                    cancellationToken,
                    "rev-parse",
                    "--quiet",
                    "--verify",
                    "--end-of-options",
                    reference
                )
                is not { Succeeded: true }
            )
                continue;
            if (
                await RunAsync(directory, cancellationToken, "merge-base", "--is-ancestor", commit, reference) is
                { Succeeded: true }
            )
                return true;
            known = false;
        }
        return known;
    }

    /// <summary>
    /// The messages of the commits after one, up to another, newest first; at most 500. Without a first one: the last
    /// 100.
    /// </summary>
    public static async Task<System.Collections.Immutable.ImmutableArray<string>> MessagesAsync(
        string directory,
        string? after,
        string upTo,
        CancellationToken cancellationToken
    )
    {
        var range = after is null ? upTo : $"{after}..{upTo}";
        var result = await RunAsync(
            directory,
            cancellationToken,
            "log",
            "--no-merges",
            "-z",
            "--format=%B",
            after is null ? "--max-count=100" : "--max-count=500",
            "--end-of-options",
            range
        );
        return result is { Succeeded: true }
            ?
            [
                .. result
                    .StandardOutput.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                    .Select(message => message.Trim()),
            ]
            : [];
    }

    /// <summary>The repository that a folder is in, or null: it is in none.</summary>
    public static async Task<GitRepository?> RepositoryAsync(string folder, CancellationToken cancellationToken)
    {
        var remotes = RunAsync(folder, cancellationToken, "config", "--get-regexp", @"^remote\..*\.url$");
        // It goes through the whole history; one that takes longer than this has a remote to be known by.
        var first = RunAsync(folder, TimeSpan.FromSeconds(3), cancellationToken, "rev-list", "--max-parents=0", "HEAD");
        var where = await RunAsync(folder, cancellationToken, "rev-parse", "--is-shallow-repository", "--show-prefix");
        var (addresses, roots) = (await remotes, await first);
        if (where is not { Succeeded: true } || where.StandardOutput.Split('\n') is not [var shallow, var prefix, ..])
            return null;
        var urls = addresses is { Succeeded: true }
            ? addresses
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 2))
                .Where(entry => entry.Length == 2)
                .ToList()
            : [];
        var remote =
            urls.FirstOrDefault(entry => entry[0] == "remote.origin.url") ?? (urls.Count == 1 ? urls[0] : null);
        // The first commit of a shallow copy is only where it was cut off.
        var commit =
            shallow == "false" && roots is { Succeeded: true }
                ? roots.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries).Min(StringComparer.Ordinal)
                : null;
        return new GitRepository(prefix, remote?[1].Trim(), commit);
    }

    private static Task<CommandResult?> RunAsync(
        string directory,
        CancellationToken cancellationToken,
        params string[] arguments
    ) => RunAsync(directory, TimeSpan.FromSeconds(20), cancellationToken, arguments);

    private static async Task<CommandResult?> RunAsync(
        string directory,
        TimeSpan timeout,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        try
        {
            return await Runner.RunAsync(
                Command.Of("git", arguments) with
                {
                    WorkingDirectory = directory,
                    Timeout = timeout,
                },
                cancellationToken
            );
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }
}
