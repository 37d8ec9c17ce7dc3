using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.GitHub;

/// <summary>What GitHub asks of a job before it gets the secrets of an environment.</summary>
/// <param name="Name">As GitHub has it.</param>
/// <param name="Reviewers">How many people or teams may let a job in.</param>
/// <param name="PreventsSelfReview">Whether who started the run may not.</param>
/// <param name="Branches">Patterns of the branches and tags whose jobs are let in; empty: none is; null: protected
/// branches alone.</param>
/// <param name="IsForAllBranches">Whether jobs of any branch are let in.</param>
internal sealed record Protection(
    string Name,
    int Reviewers,
    bool PreventsSelfReview,
    ImmutableArray<string>? Branches,
    bool IsForAllBranches
);

/// <summary>
/// Pure: what an environment lacks on GitHub. Whoever may push a branch may add a workflow to it that names the
/// environment: what keeps its key from them is these settings and nothing else.
/// </summary>
internal static class ProtectionCheck
{
    /// <summary>The environments on GitHub that hold a key to a place or deploy to it.</summary>
    public static IEnumerable<string> NamesOf(DeployEnvironment environment) =>
        environment.NeedsApproval ? [environment.Name, environment.GateName] : [environment.Name];

    /// <param name="known">All environments of the repository.</param>
    public static IEnumerable<ConfigurationProblem> Missing(
        DeployEnvironment environment,
        string repository,
        IReadOnlyCollection<Protection> known
    )
    {
        foreach (var name in NamesOf(environment))
        {
            var place = $"environment {name} on GitHub";
            var setting = $"Settings, Environments, {name}";
            var found = known.FirstOrDefault(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                yield return new(
                    place,
                    $"{repository} has no such environment, and GitHub would make one without any protection",
                    $"Add it: Settings, Environments, New environment, {name}{(environment.Protected ? ", with required reviewers and a branch rule" : "")}."
                );
                continue;
            }
            if (!environment.Protected)
                continue;
            if (found.Reviewers == 0)
                yield return new(
                    place,
                    "nobody has to review a job that gets its secrets",
                    $"Name reviewers: {setting}, Required reviewers."
                );
            if (!found.PreventsSelfReview)
                yield return new(
                    place,
                    "who started a run may let it in themselves",
                    $"Forbid it: {setting}, Required reviewers, Prevent self-review."
                );
            if (
                found.IsForAllBranches
                || found.Branches is { } branches
                    && (branches.IsEmpty || branches.Any(pattern => pattern.Trim('*', '/').Length == 0))
            )
                yield return new(
                    place,
                    "jobs of any branch get its secrets",
                    $"Name the branches: {setting}, Deployment branches and tags, Protected branches only, or the branch that is released."
                );
        }
    }
}
