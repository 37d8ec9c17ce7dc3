using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Octokit;
using Recyclic.Components.Gates;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>A commit as GitHub has it.</summary>
/// <param name="Author">The login of its author; null: the e-mail address belongs to no account.</param>
/// <param name="Committer">The same of its committer.</param>
/// <param name="IsByGitHub">Whether GitHub itself committed it, by its own signature.</param>
internal sealed record HubCommit(WrittenCommit Written, string? Author, string? Committer, bool IsByGitHub);

/// <summary>Who is who, by GitHub's own answers.</summary>
internal sealed partial class GitHubApi
{
    private const int PageSize = 100;
    private const int MostPages = 20;

    /// <summary>GitHub's own account, by which it commits what its buttons make.</summary>
    private const string WebFlow = "web-flow";

    /// <summary>Who started a run, and who has started it again.</summary>
    public async Task<ImmutableArray<string>> ReadStartersAsync(string run, CancellationToken cancellationToken)
    {
        var known = await AskAsync(
            "runs",
            client => client.Actions.Workflows.Runs.Get(_owner, _name, long.Parse(run, CultureInfo.InvariantCulture)),
            cancellationToken
        );
        return LoginOf(known.Actor) is { } actor && LoginOf(known.TriggeringActor) is { } again
            ? [actor, again]
            : throw new GitHubException($"GitHub does not say who started the run {run}");
    }

    /// <summary>The commits up to one that are not in another.</summary>
    /// <param name="after">Null: all.</param>
    public async Task<ImmutableArray<HubCommit>> ReadCommitsAsync(
        string? after,
        string upTo,
        CancellationToken cancellationToken
    )
    {
        if (after is null)
            return
            [
                .. (
                    await AskAsync(
                        "commits",
                        client =>
                            client.Repository.Commit.GetAll(_owner, _name, new CommitRequest { Sha = upTo }, AllPages),
                        cancellationToken
                    )
                ).Select(Read),
            ];
        var commits = ImmutableArray.CreateBuilder<HubCommit>();
        for (var page = 1; page <= MostPages; page++)
        {
            var options = new ApiOptions
            {
                PageSize = PageSize,
                StartPage = page,
                PageCount = 1,
            };
            var found = await AskAsync(
                "compare",
                client => client.Repository.Commit.Compare(_owner, _name, after, upTo, options),
                cancellationToken
            );
            commits.AddRange(found.Commits.Select(Read));
            if (commits.Count >= found.TotalCommits)
                return [.. commits.AsEnumerable().Reverse()];
            if (found.Commits.Count == 0)
                break;
        }
        throw new GitHubException($"GitHub does not name all commits between {after} and {upTo}");
    }

    public async Task<HubCommit> ReadCommitAsync(string commit, CancellationToken cancellationToken) =>
        Read(
            await AskAsync("commits", client => client.Repository.Commit.Get(_owner, _name, commit), cancellationToken)
        );

    /// <summary>
    /// Whose an e-mail address is: by GitHub's own addresses, or by a commit of this repository that has it. Null:
    /// GitHub does not know.
    /// </summary>
    public async Task<string?> FindLoginAsync(string email, CancellationToken cancellationToken)
    {
        if (NoReply().Match(email) is { Success: true } own)
        {
            var user = await AskOrNullAsync(client => client.User.Get(own.Groups[2].Value), cancellationToken);
            // The number is the account's for ever; a login may be somebody else's by now.
            return
                user is not null
                && (!own.Groups[1].Success || user.Id.ToString(CultureInfo.InvariantCulture) == own.Groups[1].Value)
                ? LoginOf(user)
                : null;
        }
        var commits = await AskOrNullAsync(
            client =>
                client.Repository.Commit.GetAll(
                    _owner,
                    _name,
                    new CommitRequest { Author = email },
                    new ApiOptions { PageSize = 1, PageCount = 1 }
                ),
            cancellationToken
        );
        return commits
            ?.Where(commit => email.Equals(commit.Commit?.Author?.Email, StringComparison.OrdinalIgnoreCase))
            .Select(commit => LoginOf(commit.Author))
            .FirstOrDefault();
    }

    /// <exception cref="GitHubException">Octokit hands out what it does not understand itself.</exception>
    private static HubCommit Read(GitHubCommit commit)
    {
        try
        {
            return ReadWhole(commit);
        }
        catch (Exception exception) when (exception is ArgumentException or NullReferenceException)
        {
            throw new GitHubException("a commit in GitHub's answer is not understood");
        }
    }

    private static HubCommit ReadWhole(GitHubCommit commit)
    {
        if (commit.Sha is not { Length: > 0 } || commit.Commit is not { Author: not null, Committer: not null } inner)
            throw new GitHubException("a commit in GitHub's answer has no author");
        var committer = LoginOf(commit.Committer);
        return new HubCommit(
            new WrittenCommit(
                commit.Sha,
                new(inner.Author.Name ?? "", inner.Author.Email ?? ""),
                new(inner.Committer.Name ?? "", inner.Committer.Email ?? ""),
                inner.Message ?? ""
            ),
            LoginOf(commit.Author),
            committer == WebFlow ? null : committer,
            committer == WebFlow && inner.Verification?.Verified == true
        );
    }

    /// <summary>Null: none, or one that cannot be GitHub's.</summary>
    private static string? LoginOf(Account? account) => LoginOrNull(account?.Login);

    private static string? LoginOf(Author? author) => LoginOrNull(author?.Login);

    private static string? LoginOrNull(string? login) => login is not null && Login().IsMatch(login) ? login : null;

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61})(?:\[bot\])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Login();

    [GeneratedRegex(
        @"\A(?:([0-9]{1,18})\+)?([A-Za-z0-9-]{1,39})@users\.noreply\.github\.com\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex NoReply();
}
