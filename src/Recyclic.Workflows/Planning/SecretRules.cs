using Recyclic.Build;

namespace Recyclic.Workflows.Planning;

/// <summary>
/// What needs a secret has a job of its own: whatever else runs there could read it. Targets that a place lists share a
/// job, because the place says so. Pure. </summary>
internal static class SecretRules
{
    /// <summary>Whether a target may join others in a job.</summary>
    public static bool MayShare(
        string target,
        IEnumerable<string> others,
        NamedPlace place,
        NamedWorkflow workflow,
        PlanEdges edges
    ) =>
        place != workflow.Default
        || edges[target].IsCollective
        || others
            .Where(name => !edges[name].IsCollective)
            .All(name => NeedsSecret(edges[name]) == NeedsSecret(edges[target]));

    /// <summary>Why two targets that no place lists have two jobs; null: for another reason.</summary>
    public static string? Parted(GraphTarget one, GraphTarget other) =>
        NeedsSecret(one) == NeedsSecret(other) ? null : Why(NeedsSecret(one) ? one : other);

    private static string Why(GraphTarget target) =>
        $"{target.Name} needs the secret {target.Requires.First(parameter => parameter.IsSecret).Variable}, which what else runs in its job could read, and so has a job of its own";

    private static bool NeedsSecret(GraphTarget target) => target.Requires.Any(parameter => parameter.IsSecret);
}
