using System.Collections.Immutable;
using Recyclic.Components.Gates;

namespace Recyclic.Components.GitHub;

/// <summary>The states of a deployment, as GitHub names them.</summary>
internal enum DeploymentState
{
    Queued,
    InProgress,
    Success,
    Failure,
    Error,
}

/// <summary>What the deployer wants of GitHub.</summary>
internal interface IGitHub
{
    /// <summary>
    /// What other checks say of a commit; jobs of this very run that are not over wait for the answer themselves, and
    /// are left out.
    /// </summary>
    /// <exception cref="GitHubException">It does not say.</exception>
    Task<CommitChecks> ReadChecksAsync(string commit, CancellationToken cancellationToken);

    /// <summary>Open issues that have at least one of the labels, as `#12 title`.</summary>
    Task<ImmutableArray<string>> ReadOpenIssuesAsync(IEnumerable<string> labels, CancellationToken cancellationToken);

    /// <summary>The login of a commit's author; null: it belongs to no account.</summary>
    Task<string?> ReadAuthorAsync(string commit, CancellationToken cancellationToken);

    /// <summary>Who approved a run for one of these environments; null: nobody had to.</summary>
    Task<string?> ReadReviewerAsync(
        string run,
        IReadOnlyCollection<string> environments,
        CancellationToken cancellationToken
    );

    /// <summary>The id of a new deployment.</summary>
    Task<long> CreateDeploymentAsync(
        string commit,
        string environment,
        string description,
        CancellationToken cancellationToken
    );

    Task SetDeploymentAsync(
        long id,
        DeploymentState state,
        string description,
        string? url,
        string? log,
        CancellationToken cancellationToken
    );

    /// <summary>Sets a commit's status: `pending`, `success`, `failure` or `error`.</summary>
    Task SetCommitStatusAsync(
        string commit,
        string context,
        string state,
        string description,
        string? url,
        CancellationToken cancellationToken
    );

    /// <summary>The tag of the last release; null: there is none.</summary>
    Task<string?> ReadLastReleaseAsync(CancellationToken cancellationToken);

    Task CreateReleaseAsync(string tag, string commit, string notes, CancellationToken cancellationToken);
}

/// <summary>GitHub did not do what it was asked. The message is one line and holds no token.</summary>
internal sealed class GitHubException(string message) : Exception(message);

/// <summary>Where GitHub is, and who we are there.</summary>
/// <param name="Api">The interface's address; default: GitHub's own.</param>
/// <param name="Repository">`owner/name`.</param>
/// <param name="Run">The run that this process is part of; null: none.</param>
/// <param name="Problem">Why GitHub cannot be asked; null: it can.</param>
internal sealed record GitHubSettings(Uri Api, string Repository, string Token, string? Run, string? Problem)
{
    private const string Default = "https://api.github.com";

    /// <summary>Whether this process is part of a run on GitHub, also where its number is not known.</summary>
    public bool IsRun { get; init; }

    /// <summary>How GitHub's own web address begins; default: `https://github.com`.</summary>
    public string Server { get; init; } = "https://github.com";

    /// <summary>By `GITHUB_TOKEN` (or `GH_TOKEN`), `GITHUB_REPOSITORY`, `GITHUB_API_URL` and `GITHUB_RUN_ID`.</summary>
    public static GitHubSettings From(IReadOnlyDictionary<string, string> variables)
    {
        string Text(string name) => variables.GetValueOrDefault(name)?.Trim() ?? "";
        var token = Text("GITHUB_TOKEN") is { Length: > 0 } given ? given : Text("GH_TOKEN");
        var repository = Text("GITHUB_REPOSITORY");
        var address = Text("GITHUB_API_URL") is { Length: > 0 } url ? url : Default;
        var isAddress =
            Uri.TryCreate(address, UriKind.Absolute, out var api)
            && (api.Scheme == "https" || api.Scheme == "http" && api.IsLoopback);
        var problem =
            token.Length == 0 ? "there is no GITHUB_TOKEN"
            : token.Any(c => c is <= ' ' or > '~') ? "GITHUB_TOKEN is not one word"
            : repository.Split('/') is not [{ Length: > 0 }, { Length: > 0 }]
            || repository.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('/' or '-' or '_' or '.'))
                ? "GITHUB_REPOSITORY is not owner/name"
            : !isAddress ? "GITHUB_API_URL is not an https address"
            : null;
        return new GitHubSettings(
            isAddress ? api! : new Uri(Default),
            repository,
            token,
            Text("GITHUB_RUN_ID") is { Length: > 0 } run && run.All(char.IsAsciiDigit) ? run : null,
            problem
        )
        {
            IsRun = Text("GITHUB_ACTIONS") is not ("" or "false") || Text("GITHUB_RUN_ID").Length > 0,
            Server = Text("GITHUB_SERVER_URL") is { Length: > 0 } server ? server.TrimEnd('/') : "https://github.com",
        };
    }

    /// <summary>The record's own would print the token.</summary>
    public override string ToString() => $"{Repository} at {Api}";
}
