using Recyclic.Components.Adapters;
using Recyclic.Components.GitHub;
using Recyclic.Components.GitHub.Adapters;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates.Adapters;

/// <summary>The commits that a release brings to users.</summary>
/// <param name="Head">The commit of the release; null: its tag is no commit here.</param>
/// <param name="Base">The commit of what serves; null: nothing does, so that all commits count.</param>
/// <param name="Problem">Why it is not known what is new; null: it is.</param>
internal sealed record NewCommits(string? Head, string? Base, string? Problem)
{
    /// <param name="journal">That of the environment that the release is to go to.</param>
    /// <param name="countsFrom">What counts as served where nothing does, <see cref="ApproverGate.CountsFrom"/>.</param>
    public static async Task<NewCommits> FindAsync(
        string root,
        string tag,
        string? head,
        Journal journal,
        string? countsFrom,
        CancellationToken cancellationToken
    )
    {
        if (head is null)
            return new(null, null, $"{tag} is no commit here");
        if ((journal.Current?.Release.Tag ?? countsFrom) is not { } before)
            return new(head, null, null);
        var known = journal.ServingCommit ?? (await Git.CommitOfAsync(root, before, cancellationToken))?.Hash;
        return known is null
            ? new(head, null, $"{before}, which serves, is no commit here, so what is new since is not known")
            : new(head, known, null);
    }
}

/// <summary>Who had a hand in a release, by git, where no run on GitHub says it.</summary>
internal static class HandsReader
{
    public static async Task<Hands> ReadAsync(string root, NewCommits news, CancellationToken cancellationToken)
    {
        if (news.Problem is { } problem)
            return Hands.Unknown(problem);
        var commits = await Git.HistoryAsync(root, news.Base, news.Head!, Hands.MostCommits, cancellationToken);
        // The same commit once more, or an earlier one: then it is what that one brings.
        if (commits is { IsEmpty: true })
            commits = await Git.HistoryAsync(root, null, $"{news.Head}^!", 1, cancellationToken);
        return commits is null
            ? Hands.Unknown($"git does not say who wrote what is new, or it is more than {Hands.MostCommits} commits")
            : Hands.Of(commits.Value);
    }
}

/// <summary>Who had a hand in a release, by GitHub's own answers alone: their logins.</summary>
internal sealed class GitHubHands(GitHubApi gitHub, ApproverGate rule)
{
    private const int MostQuestions = 60;
    private readonly Dictionary<string, string?> _logins = new(StringComparer.OrdinalIgnoreCase);
    private int _asked;

    /// <exception cref="GitHubException">GitHub does not say.</exception>
    public async Task<Hands> ReadAsync(string run, NewCommits news, CancellationToken cancellationToken)
    {
        if (news.Problem is { } problem)
            return Hands.Unknown(problem);
        var starters = await gitHub.ReadStartersAsync(run, cancellationToken);
        var commits = await gitHub.ReadCommitsAsync(news.Base, news.Head!, cancellationToken);
        if (commits.IsEmpty)
            commits = [await gitHub.ReadCommitAsync(news.Head!, cancellationToken)];
        var logins = new List<string>();
        foreach (var commit in commits)
        {
            foreach (
                var (who, login) in new[]
                {
                    (commit.Written.Author, commit.Author),
                    (commit.Written.Committer, commit.Committer),
                }
            )
                if (login is not null)
                    _logins.TryAdd(who.Email, login);
        }
        foreach (var commit in commits)
        {
            if (await LoginOfAsync(commit.Written.Author, commit.Author, cancellationToken) is { } author)
                logins.Add(author);
            else if (!IsProgram(commit.Written.Author.Email))
                return Strange("author", commit.Written.Author, commit);
            // What GitHub itself commits, a merge by its button, it signs.
            if (!commit.IsByGitHub)
            {
                if (await LoginOfAsync(commit.Written.Committer, commit.Committer, cancellationToken) is { } committer)
                    logins.Add(committer);
                else if (!IsProgram(commit.Written.Committer.Email))
                    return Strange("committer", commit.Written.Committer, commit);
            }
            foreach (var other in commit.Written.CoAuthors)
                if (await LoginOfAsync(other, null, cancellationToken) is { } login)
                    logins.Add(login);
                else if (!IsProgram(other.Email))
                    return Strange("co-author", other, commit);
        }
        return new Hands([.. logins.Concat(starters).Distinct(StringComparer.OrdinalIgnoreCase)], null);
    }

    private static Hands Strange(string part, WrittenName who, HubCommit commit) =>
        Hands.Unknown(
            $"GitHub knows nobody by the e-mail address {PrintableText.Of(who.Email, 60)} of the {part} {PrintableText.Of(who.Name, 60)} of {PrintableText.Of(commit.Written.Hash, 7)}"
        );

    private bool IsProgram(string email) => rule.Programs.Contains(email, StringComparer.OrdinalIgnoreCase);

    private async Task<string?> LoginOfAsync(WrittenName who, string? known, CancellationToken cancellationToken)
    {
        if (known is not null)
            return known;
        if (who.Email.Length is 0 or > PersonName.Longest || !who.Email.Contains('@'))
            return null;
        if (_logins.TryGetValue(who.Email, out var login))
            return login;
        if (++_asked > MostQuestions)
            throw new GitHubException($"more than {MostQuestions} people are not known by their commits");
        return _logins[who.Email] = await gitHub.FindLoginAsync(who.Email, cancellationToken);
    }
}
