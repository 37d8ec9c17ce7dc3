using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Hooks;

/// <summary>What a hook is told of the deploy.</summary>
/// <param name="App">The application's name.</param>
/// <param name="Operation">Deploy or rollback.</param>
/// <param name="Tag">What users are to get.</param>
/// <param name="ReleaseId">The same by its exact content.</param>
/// <param name="Slot">Where it runs.</param>
/// <param name="DeployId">As the journal has it.</param>
/// <param name="By">Who deploys.</param>
public sealed record HookFacts(
    string App,
    Operation Operation,
    string Tag,
    string ReleaseId,
    Slot Slot,
    string DeployId,
    string By
)
{
    /// <summary>When it runs.</summary>
    public HookPoint Point { get; init; }

    /// <summary>The environment's name; null: it has none.</summary>
    public string? Environment { get; init; }

    /// <summary>What served before; null: nothing did.</summary>
    public string? PreviousTag { get; init; }

    /// <summary>The commit that the release is of, all its digits; null: not known.</summary>
    public string? Commit { get; init; }

    /// <summary>How a failed deploy ended; null: it has not failed.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>What went wrong, in a line; null: nothing did.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// The same as variables of an executable; what is not known has none. They are documented in `docs/hooks.md`.
    /// </summary>
    public ImmutableSortedDictionary<string, string> ToVariables() =>
        new Dictionary<string, string?>
        {
            ["RECYCLIC_HOOK"] = Point.Name(),
            ["RECYCLIC_APP"] = App,
            ["RECYCLIC_ENVIRONMENT"] = Environment,
            ["RECYCLIC_OPERATION"] = Operation == Operation.Deploy ? "deploy" : "rollback",
            ["RECYCLIC_TAG"] = Tag,
            ["RECYCLIC_RELEASE"] = ReleaseId,
            ["RECYCLIC_PREVIOUS_TAG"] = PreviousTag,
            ["RECYCLIC_COMMIT"] = Commit,
            ["RECYCLIC_SLOT"] = Slot.Name(),
            ["RECYCLIC_DEPLOY_ID"] = DeployId,
            ["RECYCLIC_BY"] = By,
            ["RECYCLIC_OUTCOME"] = Outcome?.ToString().ToLowerInvariant(),
            ["RECYCLIC_REASON"] = Reason,
        }
            .Where(variable => !string.IsNullOrEmpty(variable.Value))
            .ToImmutableSortedDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal);

    internal static HookFacts Of(DeployPlan plan, DeployRequest request, string id) =>
        new(plan.BasedOn.App, plan.Operation, plan.To.Tag, plan.To.Id, plan.Slot, id, request.By)
        {
            Environment = request.Admission?.Environment,
            PreviousTag = plan.BasedOn.Current?.Release.Tag,
            Commit = plan.Operation == Operation.Deploy ? request.Commit : null,
        };
}
