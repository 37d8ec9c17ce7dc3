using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>Whether GitHub has the environments that jobs run in.</summary>
internal static class GitHubEnvironments
{
    /// <param name="say">Told once why GitHub was not asked.</param>
    public static async Task<ImmutableArray<ConfigurationProblem>> MissingAsync(
        IReadOnlyDictionary<string, string> variables,
        IEnumerable<DeployEnvironment> environments,
        Action<string> say,
        CancellationToken cancellationToken
    )
    {
        var settings = GitHubSettings.From(variables);
        if (settings.Problem is { } problem)
        {
            say($"GitHub was not asked for its environments: {problem}.");
            return [];
        }
        using var gitHub = new GitHubApi(settings, TimeProvider.System);
        try
        {
            var known = (await gitHub.ReadEnvironmentsAsync(cancellationToken)).ToHashSet(
                StringComparer.OrdinalIgnoreCase
            );
            return
            [
                .. from environment in environments
                where !known.Contains(environment.Name)
                select new ConfigurationProblem(
                    $"environment {environment.Name}",
                    $"{settings.Repository} has no such environment on GitHub",
                    $"Add it: Settings, Environments, New environment, {environment.Name}{(environment.NeedsApproval ? ", with required reviewers" : "")}."
                ),
            ];
        }
        catch (GitHubException exception)
        {
            return
            [
                new ConfigurationProblem(
                    "GitHub",
                    exception.Message,
                    "See GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL."
                ),
            ];
        }
    }
}
