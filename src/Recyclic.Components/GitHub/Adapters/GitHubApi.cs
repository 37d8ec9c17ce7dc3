using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Serialization;
using Octokit;
using Octokit.Internal;
using Recyclic.Components.Gates;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>GitHub through Octokit; the few calls that a deploy needs.</summary>
internal sealed partial class GitHubApi : IGitHub, IDisposable
{
    /// <summary>GitHub's limit for a status's description.</summary>
    private const int LongestDescription = 140;

    private static readonly ApiOptions AllPages = new() { PageSize = 100 };

    private readonly GitHubSettings _settings;
    private readonly GitHubAnswers _answers;
    private readonly HttpClientAdapter _http;
    private readonly GitHubClient _client;
    private readonly string _owner;
    private readonly string _name;

    public GitHubApi(GitHubSettings settings, TimeProvider time)
    {
        _settings = settings;
        (_owner, _name) = settings.Repository.Split('/') is [var owner, var name] ? (owner, name) : ("", "");
        _answers = new GitHubAnswers(settings, time);
        _http = new HttpClientAdapter(() => _answers);
        var credentials = new InMemoryCredentialStore(new Credentials(settings.Token, AuthenticationType.Bearer));
        _client = new GitHubClient(
            new Connection(
                new ProductHeaderValue("recyclic"),
                new Uri(settings.Api.AbsoluteUri.TrimEnd('/') + "/"),
                credentials,
                _http,
                new SimpleJsonSerializer()
            )
        );
    }

    public async Task<CommitChecks> ReadChecksAsync(string commit, CancellationToken cancellationToken)
    {
        var runs = await AskAsync(
            "check runs",
            client =>
                client.Check.Run.GetAllForReference(
                    _owner,
                    _name,
                    commit,
                    new CheckRunRequest { Filter = CheckRunCompletedAtFilter.Latest },
                    AllPages
                ),
            cancellationToken
        );
        var all = runs
            .CheckRuns.Where(run => IsOver(run) || !IsOwn(run))
            .Select(run => (run.Name, State: IsOver(run) ? StateOf(run.Conclusion?.StringValue) : 0))
            // Our own statuses say how a deploy went, not how good the commit is.
            .Concat(
                (await ReadStatusesAsync(commit, cancellationToken))
                    .Where(status => !status.Context.StartsWith(GitHubRecord.ContextPrefix, StringComparison.Ordinal))
                    .Select(status =>
                        (
                            Name: status.Context,
                            State: status.State.StringValue == "pending" ? 0 : StateOf(status.State.StringValue)
                        )
                    )
            )
            .ToLookup(check => check.State, check => check.Name);
        return new CommitChecks([.. all[1]], [.. all[0]], [.. all[-1]]);

        static bool IsOver(CheckRun run) => run.Status.StringValue == "completed";
        static int StateOf(string? conclusion) => conclusion is "success" or "neutral" or "skipped" ? 1 : -1;
    }

    public async Task<ImmutableArray<string>> ReadOpenIssuesAsync(
        IEnumerable<string> labels,
        CancellationToken cancellationToken
    )
    {
        var found = new SortedDictionary<long, string>();
        // Several labels in one query would mean all of them.
        foreach (var label in labels)
        {
            var request = new RepositoryIssueRequest { State = ItemStateFilter.Open, Labels = { label } };
            foreach (
                var issue in await AskAsync(
                    "issues",
                    client => client.Issue.GetAllForRepository(_owner, _name, request, AllPages),
                    cancellationToken
                )
            )
                if (issue.PullRequest is null)
                    found[issue.Number] = issue.Title;
        }
        return [.. found.Select(issue => $"#{issue.Key} {issue.Value}")];
    }

    public async Task<string?> ReadAuthorAsync(string commit, CancellationToken cancellationToken) =>
        (await AskOrNullAsync(client => client.Repository.Commit.Get(_owner, _name, commit), cancellationToken))
            ?.Author
            ?.Login;

    public async Task<string?> ReadReviewerAsync(
        string run,
        IReadOnlyCollection<string> environments,
        CancellationToken cancellationToken
    )
    {
        var reviews =
            await AskOrNullAsync(
                client =>
                    client.Actions.Workflows.Runs.GetReviewHistory(
                        _owner,
                        _name,
                        long.Parse(run, CultureInfo.InvariantCulture)
                    ),
                cancellationToken
            ) ?? [];
        return reviews
            .LastOrDefault(review =>
                review.State.StringValue == "approved"
                && review.Environments.Any(named => environments.Contains(named.Name, StringComparer.OrdinalIgnoreCase))
            )
            ?.User?.Login;
    }

    public async Task<long> CreateDeploymentAsync(
        string commit,
        string environment,
        string description,
        CancellationToken cancellationToken
    )
    {
        var deployment = await AskAsync(
            "deployments",
            client =>
                client.Repository.Deployment.Create(
                    _owner,
                    _name,
                    new NewDeployment(commit)
                    {
                        Environment = environment,
                        Description = Cut(description),
                        AutoMerge = false,
                        // What must be green is for the gates to say.
                        RequiredContexts = [],
                        ProductionEnvironment = environment == "production",
                    }
                ),
            cancellationToken
        );
        return deployment.Id > 0
            ? deployment.Id
            : throw new GitHubException("POST deployments: GitHub made no deployment");
    }

    public Task SetDeploymentAsync(
        long id,
        DeploymentState state,
        string description,
        string? url,
        string? log,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            "deployment statuses",
            client =>
                client.Repository.Deployment.Status.Create(
                    _owner,
                    _name,
                    id,
                    new NewDeploymentStatus(Enum.Parse<Octokit.DeploymentState>(state.ToString()))
                    {
                        Description = Cut(description),
                        EnvironmentUrl = url,
                        LogUrl = log,
                    }
                ),
            cancellationToken
        );

    public Task SetCommitStatusAsync(
        string commit,
        string context,
        string state,
        string description,
        string? url,
        CancellationToken cancellationToken
    ) =>
        AskAsync(
            "statuses",
            client =>
                client.Repository.Status.Create(
                    _owner,
                    _name,
                    commit,
                    new NewCommitStatus
                    {
                        State = Enum.Parse<CommitState>(state, ignoreCase: true),
                        Context = context,
                        Description = Cut(description),
                        TargetUrl = url,
                    }
                ),
            cancellationToken
        );

    public async Task<string?> ReadLastReleaseAsync(CancellationToken cancellationToken) =>
        (
            await AskOrNullAsync(client => client.Repository.Release.GetLatest(_owner, _name), cancellationToken)
        )?.TagName;

    public Task CreateReleaseAsync(string tag, string commit, string notes, CancellationToken cancellationToken) =>
        AskAsync(
            "releases",
            client =>
                client.Repository.Release.Create(
                    _owner,
                    _name,
                    new NewRelease(tag)
                    {
                        TargetCommitish = commit,
                        Name = tag,
                        Body = notes,
                    }
                ),
            cancellationToken
        );

    public void Dispose()
    {
        _http.Dispose();
        _answers.Dispose();
    }

    /// <summary>What each context said last; GitHub lists all that they ever said, the newest first.</summary>
    private async Task<IEnumerable<CommitStatus>> ReadStatusesAsync(
        string commit,
        CancellationToken cancellationToken
    ) =>
        (
            await AskAsync(
                "statuses",
                client => client.Repository.Status.GetAll(_owner, _name, commit, AllPages),
                cancellationToken
            )
        ).DistinctBy(status => status.Context);

    private async Task<T> AskAsync<T>(
        string what,
        Func<GitHubClient, Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        _answers.Begin(cancellationToken);
        try
        {
            return await call(_client).WaitAsync(cancellationToken);
        }
        catch (NotFoundException)
        {
            throw new GitHubException(_answers.NotFound(what));
        }
        catch (Exception exception)
            when (exception
                    is ApiException
                        or SerializationException
                        or InvalidCastException
                        or FormatException
                        or OverflowException
                        or ArgumentException
                        or NullReferenceException
            )
        {
            throw new GitHubException(
                $"{what}: the answer is not what GitHub's interface gives; does GITHUB_API_URL name it? ({exception.Message.ReplaceLineEndings(" ")})"
            );
        }
    }

    private async Task<T?> AskOrNullAsync<T>(Func<GitHubClient, Task<T>> call, CancellationToken cancellationToken)
        where T : class =>
        await AskAsync(
            "",
            async client =>
            {
                try
                {
                    return await call(client);
                }
                catch (NotFoundException)
                {
                    return null;
                }
            },
            cancellationToken
        );

    private bool IsOwn(CheckRun check) =>
        _settings.Run is { } run
        && (check.DetailsUrl ?? "").Contains($"/actions/runs/{run}/", StringComparison.Ordinal);

    private static string Cut(string text) =>
        text.Length <= LongestDescription ? text : text[..(LongestDescription - 1)] + "…";
}
