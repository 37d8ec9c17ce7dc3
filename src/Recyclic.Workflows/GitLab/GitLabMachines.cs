using System.Collections.Immutable;
using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.GitLab;

/// <summary>Which of GitLab's runners stands for a machine of GitHub. Pure.</summary>
internal static class GitLabMachines
{
    /// <summary>The variable of a matrix over machines.</summary>
    public const string MatrixVariable = "RUN_ON";

    /// <returns>Tags that a runner must all have; none: any runner; null: nothing is known to stand for it.</returns>
    public static ImmutableArray<string>? TagsOf(string runner, GitLabCi system) =>
        system.Tags.TryGetValue(runner, out var tags) ? tags
        : runner.Contains("${{", StringComparison.Ordinal) ? null
        : !IsHosted(runner) ? RunnerLabels.All(runner)
        : runner.StartsWith("ubuntu-", StringComparison.Ordinal) && !runner.EndsWith("-arm", StringComparison.Ordinal)
            ? []
        : null;

    private static bool IsHosted(string runner) =>
        new[] { "ubuntu-", "windows-", "macos-" }.Any(system => runner.StartsWith(system, StringComparison.Ordinal));
}
