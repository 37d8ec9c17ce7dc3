using System.Collections.Immutable;
using Octokit;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>How environments are protected: Octokit has no types for it.</summary>
internal sealed partial class GitHubApi
{
    public async Task<ImmutableArray<Protection>> ReadProtectionsAsync(CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<Protection>();
        for (var page = 1; page <= MostPages; page++)
        {
            var answer = await GetAsync<EnvironmentsAnswer>("environments", page, cancellationToken);
            foreach (var environment in answer.Environments ?? [])
                found.Add(await ReadAsync(environment, cancellationToken));
            if (found.Count >= answer.TotalCount)
                return found.ToImmutable();
            if (answer.Environments is not { Count: > 0 })
                break;
        }
        throw new GitHubException("GitHub does not name all environments");
    }

    private async Task<Protection> ReadAsync(EnvironmentAnswer environment, CancellationToken cancellationToken)
    {
        if (environment.Name is not { Length: > 0 } name || environment.ProtectionRules is not { } rules)
            throw new GitHubException("GitHub does not say how an environment is protected");
        var reviews = rules.Where(rule => rule.Type == "required_reviewers").ToList();
        return new Protection(
            name,
            reviews.Sum(rule => rule.Reviewers?.Count ?? 0),
            reviews.Count > 0 && reviews.All(rule => rule.PreventSelfReview),
            environment.DeploymentBranchPolicy is { CustomBranchPolicies: true }
                ? await ReadPatternsAsync(name, cancellationToken)
                : null,
            environment.DeploymentBranchPolicy is not { } policy
                || !policy.ProtectedBranches && !policy.CustomBranchPolicies
        );
    }

    private async Task<ImmutableArray<string>> ReadPatternsAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await GetAsync<BranchPoliciesAnswer>(
            $"environments/{Uri.EscapeDataString(name)}/deployment-branch-policies",
            1,
            cancellationToken
        );
        return answer.BranchPolicies is { } policies && policies.Count >= answer.TotalCount
            ? [.. policies.Select(policy => policy.Name ?? "*")]
            : throw new GitHubException($"GitHub does not name all branch rules of {name}");
    }

    private async Task<T> GetAsync<T>(string what, int page, CancellationToken cancellationToken)
        where T : class =>
        await AskAsync(
            what,
            client =>
                new ApiConnection(client.Connection).Get<T>(
                    new Uri($"repos/{_owner}/{_name}/{what}", UriKind.Relative),
                    new Dictionary<string, string> { ["per_page"] = $"{PageSize}", ["page"] = $"{page}" }
                ),
            cancellationToken
        ) ?? throw new GitHubException($"{what}: GitHub answers nothing");

    internal sealed class EnvironmentsAnswer
    {
        public int TotalCount { get; set; }

        public List<EnvironmentAnswer>? Environments { get; set; }
    }

    internal sealed class EnvironmentAnswer
    {
        public string? Name { get; set; }

        public List<RuleAnswer>? ProtectionRules { get; set; }

        public BranchPolicyAnswer? DeploymentBranchPolicy { get; set; }
    }

    internal sealed class RuleAnswer
    {
        public string? Type { get; set; }

        public bool PreventSelfReview { get; set; }

        public List<ReviewerAnswer>? Reviewers { get; set; }
    }

    internal sealed class ReviewerAnswer
    {
        public string? Type { get; set; }
    }

    internal sealed class BranchPolicyAnswer
    {
        public bool ProtectedBranches { get; set; }

        public bool CustomBranchPolicies { get; set; }
    }

    internal sealed class BranchPoliciesAnswer
    {
        public int TotalCount { get; set; }

        public List<NamedPolicyAnswer>? BranchPolicies { get; set; }
    }

    internal sealed class NamedPolicyAnswer
    {
        public string? Name { get; set; }
    }
}
