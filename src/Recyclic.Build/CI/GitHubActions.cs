namespace Recyclic.Build.CI;

/// <summary>A job of GitHub Actions (<c>GITHUB_ACTIONS</c>). A value that the runner has not set is null.</summary>
public sealed class GitHubActions : Host
{
    internal GitHubActions(IReadOnlyDictionary<string, string> environment)
        : base(environment) { }

    /// <summary>The job in which the build runs; null when it runs elsewhere.</summary>
    public static GitHubActions? Instance => Current<GitHubActions>();

    /// <summary>Who set off the workflow.</summary>
    public string? Actor => Variable("GITHUB_ACTOR");

    /// <summary><c>push</c>, <c>pull_request</c> and the like.</summary>
    public string? EventName => Variable("GITHUB_EVENT_NAME");

    /// <summary>Whether a pull request set it off.</summary>
    public bool IsPullRequest => EventName is "pull_request" or "pull_request_target";

    /// <summary>The branch that a pull request comes from.</summary>
    public string? HeadRef => Variable("GITHUB_HEAD_REF");

    /// <summary>The branch that a pull request goes to.</summary>
    public string? BaseRef => Variable("GITHUB_BASE_REF");

    /// <summary>The id of the job in the workflow.</summary>
    public string? Job => Variable("GITHUB_JOB");

    /// <summary><c>refs/heads/main</c>, <c>refs/tags/v1.0.0</c>.</summary>
    public string? Ref => Variable("GITHUB_REF");

    /// <summary><c>owner/name</c>.</summary>
    public string? Repository => Variable("GITHUB_REPOSITORY");

    /// <summary>Unique in the repository; the same when a run is repeated.</summary>
    public long? RunId => Number("GITHUB_RUN_ID");

    /// <summary>Counts the runs of one workflow, from 1.</summary>
    public long? RunNumber => Number("GITHUB_RUN_NUMBER");

    /// <summary>Where GitHub is: <c>https://github.com</c>.</summary>
    public string? ServerUrl => Variable("GITHUB_SERVER_URL");

    /// <summary>The commit.</summary>
    public string? Sha => Variable("GITHUB_SHA");

    /// <summary>The name of the workflow.</summary>
    public string? Workflow => Variable("GITHUB_WORKFLOW");
}
