using Recyclic.Components.Adapters;
using Recyclic.Components.GitHub.Adapters;
using Recyclic.Components.Notifications;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.GitHub;

/// <summary>
/// Shows a deploy on GitHub: a deployment with its states, the commit's status, and for production a release with
/// notes. Whatever GitHub answers never changes how a deploy ends.
/// </summary>
internal sealed class GitHubRecord(IHazDeployment build, DeploySession session, string tag)
{
    /// <summary>How the names of our statuses begin.</summary>
    public const string ContextPrefix = "recyclic/";

    /// <summary>How long all that is told at once may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly GitHubSettings _settings = GitHubSettings.From(build.EnvironmentVariables);
    private AuthoredCommit? _commit;
    private long? _deployment;

    private bool IsLocal => session.Environment.Spec.Name == "local";

    private string? RunUrl => DeployNotice.RunUrlFrom(build.EnvironmentVariables);

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (IsLocal || !session.IsReal)
            return;
        if (_settings.Problem is { } problem)
        {
            session.Reporter.Note($"GitHub is not told of this deploy: {problem}");
            return;
        }
        build.AddSecret(_settings.Token);
        _commit = await Git.CommitOfAsync(build.RootDirectory, tag, cancellationToken);
        if (_commit is null)
        {
            session.Reporter.Note($"GitHub is not told of this deploy: {tag} is no commit here");
            return;
        }
        await TryAsync(
            async (gitHub, token) =>
            {
                _deployment = await gitHub.CreateDeploymentAsync(
                    _commit.Hash,
                    session.Environment.Spec.Name,
                    $"{tag} to {session.Environment.Spec.Name}",
                    token
                );
                await gitHub.SetDeploymentAsync(
                    _deployment.Value,
                    DeploymentState.Queued,
                    "waits for its turn",
                    null,
                    RunUrl,
                    token
                );
                await gitHub.SetDeploymentAsync(
                    _deployment.Value,
                    DeploymentState.InProgress,
                    "is being deployed",
                    null,
                    RunUrl,
                    token
                );
                await gitHub.SetCommitStatusAsync(_commit.Hash, Context, "pending", "is being deployed", RunUrl, token);
            },
            cancellationToken
        );
    }

    /// <param name="outcome">Null: it was refused, or broke off.</param>
    public async Task EndAsync(DeployOutcome? outcome)
    {
        if (_commit is null)
            return;
        var success = outcome?.Outcome == Outcome.Success;
        var words =
            success ? $"is live after {outcome!.Took.TotalSeconds:0} s"
            : outcome is null ? "was refused"
            : $"{outcome.Outcome.ToString().ToLowerInvariant()}: {(outcome.Plan.IsRouted ? "users are on the release they were on" : "the release before it works on")}";
        if (outcome?.Outcome == Outcome.Failed)
            words = "failed and was not restored: a person is needed";
        // Not the deploy's own token: that a deploy was cancelled is told too.
        await TryAsync(
            async (gitHub, token) =>
            {
                if (_deployment is { } id)
                    await gitHub.SetDeploymentAsync(
                        id,
                        success ? DeploymentState.Success
                            : outcome?.Outcome == Outcome.Failed ? DeploymentState.Error
                            : DeploymentState.Failure,
                        words,
                        session.Environment.Spec.PublicUrl,
                        RunUrl,
                        token
                    );
                await gitHub.SetCommitStatusAsync(
                    _commit.Hash,
                    Context,
                    success ? "success" : "failure",
                    words,
                    session.Environment.Spec.PublicUrl ?? RunUrl,
                    token
                );
                if (success && session.Environment.Spec.NeedsApproval)
                    await ReleaseAsync(gitHub, token);
            },
            CancellationToken.None
        );
    }

    private string Context => ContextPrefix + session.Environment.Spec.Name;

    private async Task ReleaseAsync(IGitHub gitHub, CancellationToken cancellationToken)
    {
        var last = await gitHub.ReadLastReleaseAsync(cancellationToken);
        if (last == tag)
            return;
        var since =
            last is not null
            && ReleaseTag.TryParse(last, null, out _)
            && await Git.CommitOfAsync(build.RootDirectory, last, cancellationToken) is { } before
                ? before.Hash
                : null;
        var notes = ReleaseNotes.From(
            await Git.MessagesAsync(build.RootDirectory, since, _commit!.Hash, cancellationToken),
            last
        );
        await gitHub.CreateReleaseAsync(tag, _commit.Hash, notes, cancellationToken);
    }

    private async Task TryAsync(Func<IGitHub, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        using var gitHub = new GitHubApi(_settings, TimeProvider.System);
        try
        {
            await action(gitHub, limit.Token);
        }
        catch (Exception exception)
            when (exception is GitHubException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            session.Reporter.Warn(
                $"GitHub was not told: {(exception is GitHubException ? exception.Message : $"no answer within {Deadline.TotalSeconds:0} s")}"
            );
        }
    }
}
