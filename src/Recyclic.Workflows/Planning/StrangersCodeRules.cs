using System.Collections.Immutable;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// Pure: a pull request's code runs on no machine of one's own. Anybody may open one, and what a job leaves on a machine
/// that is not thrown away is there when the next one deploys.
/// </summary>
internal static class StrangersCodeRules
{
    private static readonly ImmutableHashSet<string> OfStrangers =
    [
        "pull_request",
        "pull_request_target",
        "pull_request_review",
    ];

    /// <summary>Each runner that registers itself has this label, whatever others it is given.</summary>
    private const string OwnLabel = "self-hosted";

    public static IEnumerable<string> Mistakes(Workflow workflow)
    {
        if (workflow.TrustsPullRequests is { } reason)
        {
            if (string.IsNullOrWhiteSpace(reason))
                yield return "TrustsPullRequests is empty: say why a pull request's code may run on a machine of your own, or leave it out";
            yield break;
        }
        if (!workflow.On.Any(trigger => OfStrangers.Contains(trigger.Event)))
            yield break;
        foreach (var runner in Runners(workflow).Distinct().Where(IsOwn))
            yield return $"a pull request's code would run on a machine of your own ({runner}) and stay there for the next job: take one of GitHub's runners, leave pull requests out of On, or say why it may in TrustsPullRequests";
    }

    private static IEnumerable<string> Runners(Workflow workflow) =>
        [
            workflow.Runner,
            .. workflow.Places.SelectMany(place =>
                place
                    .Matrix.Where(axis => axis.Parameter is null)
                    .SelectMany(axis => axis.Values)
                    .Concat(place.Include.Select(combination => combination.Runner).OfType<string>())
                    .Concat(place.Runner is { } own ? [own] : [])
            ),
        ];

    private static bool IsOwn(string runner) =>
        RunnerLabels.All(runner).Any(label => label.Equals(OwnLabel, StringComparison.OrdinalIgnoreCase));
}
