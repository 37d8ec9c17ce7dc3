using Recyclic.Components.GitHub;
using Recyclic.Components.GitHub.Adapters;

namespace Recyclic.Components.Gates.Adapters;

/// <summary>
/// What GitHub says to the questions of an environment's gates. What it does not say stays unknown, so that the gate is
/// shut; in a run on GitHub nobody else is asked who people are.
/// </summary>
internal sealed class GitHubFacts(GitHubSettings settings, TimeProvider time)
{
    /// <summary>How long all questions together may take: a slow GitHub is one that does not answer.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>The same for one question.</summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromMinutes(1);

    public async Task<GateFacts> ReadAsync(GateFacts facts, NewCommits news, CancellationToken cancellationToken)
    {
        var commit = news.Head;
        // What git and the command line say of people does not count in a run.
        if (settings.IsRun)
            facts = facts with { IsGitHubRun = true, Approver = null, Authors = [], PeopleProblem = null };
        if (settings.Problem is { } problem)
            return facts with
            {
                GitHubProblem = problem,
                PeopleProblem = settings.IsRun ? problem : facts.PeopleProblem,
            };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        using var gitHub = new GitHubApi(settings, time);
        var gates = facts.Environment.Gates;
        if (commit is not null && gates.OfType<ChecksGate>().Any())
            facts = await AskAsync(
                facts,
                async token => facts with { Checks = await gitHub.ReadChecksAsync(commit, token) },
                cancellationToken,
                limit.Token
            );
        if (gates.OfType<IssuesGate>().FirstOrDefault() is { } issues)
            facts = await AskAsync(
                facts,
                async token => facts with { OpenIssues = await gitHub.ReadOpenIssuesAsync(issues.Labels, token) },
                cancellationToken,
                limit.Token
            );
        return await AskAsync(
            facts,
            token => ReadPeopleAsync(gitHub, facts, news, token),
            cancellationToken,
            limit.Token,
            arePeople: true
        );
    }

    private async Task<GateFacts> ReadPeopleAsync(
        GitHubApi gitHub,
        GateFacts facts,
        NewCommits news,
        CancellationToken cancellationToken
    )
    {
        if (!settings.IsRun)
            return
                news.Head is { } commit
                && await gitHub.ReadAuthorAsync(commit, cancellationToken) is { } author
                && !facts.Authors.Contains(author)
                ? facts with
                {
                    Authors = facts.Authors.Insert(0, author),
                }
                : facts;
        if (settings.Run is not { } run)
            return facts with { PeopleProblem = "GITHUB_RUN_ID is not the number of a run" };
        var rule = facts.Environment.Gates.OfType<ApproverGate>().FirstOrDefault() ?? new ApproverGate();
        var hands = await new GitHubHands(gitHub, rule).ReadAsync(run, news, cancellationToken);
        return facts with
        {
            Authors = hands.Names,
            PeopleProblem = hands.Problem,
            Run = $"{settings.Repository}/actions/runs/{run}",
            Approver = await gitHub.ReadReviewerAsync(
                run,
                [facts.Environment.GateName, facts.Environment.Name],
                cancellationToken
            ),
        };
    }

    private async Task<GateFacts> AskAsync(
        GateFacts facts,
        Func<CancellationToken, Task<GateFacts>> question,
        CancellationToken cancellationToken,
        CancellationToken all,
        bool arePeople = false
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(all);
        limit.CancelAfter(AnswerDeadline);
        try
        {
            return await question(limit.Token);
        }
        catch (Exception exception)
            when (exception is GitHubException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            var why = exception is GitHubException ? exception.Message : "GitHub does not answer in time";
            return facts with
            {
                GitHubProblem = facts.GitHubProblem ?? why,
                PeopleProblem = arePeople && settings.IsRun ? why : facts.PeopleProblem,
            };
        }
    }
}
