using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>Whether GitHub has the environments that jobs run in, and keeps their keys from who may push a branch.</summary>
internal static class GitHubEnvironments
{
    /// <summary>How long GitHub has to answer, all questions together.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <param name="say">Told once why GitHub was not asked.</param>
    public static async Task<ImmutableArray<ConfigurationProblem>> MissingAsync(
        IReadOnlyDictionary<string, string> variables,
        IEnumerable<DeployEnvironment> environments,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var settings = GitHubSettings.From(variables);
        if (settings.Problem is not { } problem)
            return await MissingAsync(settings, TimeProvider.System, environments, cancellationToken);
        say($"GitHub was not asked for its environments: {problem}.");
        return [];
    }

    /// <summary>
    /// In a run on GitHub, where the key that a deploy has comes from an environment of GitHub's: that it is protected.
    /// </summary>
    /// <exception cref="ConfigurationException">It is not, or GitHub does not say.</exception>
    public static async Task RequireAsync(
        GitHubSettings settings,
        TimeProvider time,
        DeployEnvironment environment,
        CancellationToken cancellationToken
    )
    {
        if (!settings.IsRun || !environment.Protected)
            return;
        ImmutableArray<ConfigurationProblem> problems = settings.Problem is { } problem
            ? [NotAsked(problem)]
            : await MissingAsync(settings, time, [environment], cancellationToken);
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    private static async Task<ImmutableArray<ConfigurationProblem>> MissingAsync(
        GitHubSettings settings,
        TimeProvider time,
        IEnumerable<DeployEnvironment> environments,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        using var gitHub = new GitHubApi(settings, time);
        try
        {
            var known = await gitHub.ReadProtectionsAsync(limit.Token);
            return
            [
                .. environments.SelectMany(environment =>
                    ProtectionCheck.Missing(environment, settings.Repository, known)
                ),
            ];
        }
        catch (Exception exception)
            when (exception is GitHubException
                || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            return [NotAsked(exception is GitHubException ? exception.Message : "GitHub does not answer in time")];
        }
    }

    private static ConfigurationProblem NotAsked(string why) =>
        new(
            "GitHub",
            $"how its environments are protected is not known: {why}",
            "See GITHUB_TOKEN, which needs actions:read, GITHUB_REPOSITORY and GITHUB_API_URL."
        );
}
