using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: what becomes of steps where nothing is published, as with workers and bots. There is no edge, no share and no
/// session; which release is the application's is the journal's to say alone.
/// </summary>
internal static class Unrouted
{
    public const string Note =
        "nothing is published, so no edge is made: a release works from its start on, beside the one before it until that one is stopped";

    /// <summary>Whether nothing is, and nothing was, published.</summary>
    public static bool IsSo(Application app, Snapshot now) => !now.IsRouted && app.Routes.IsEmpty;

    public static IEnumerable<PlannedStep> Of(IEnumerable<PlannedStep> steps) =>
        steps.Where(step => IsMeant(step.Action)).Select(step => step with { Undo = [.. step.Undo.Where(IsMeant)] });

    public static IEnumerable<DeployStep> Of(IEnumerable<DeployStep> steps) => steps.Where(IsMeant);

    private static bool IsMeant(DeployStep step) => step is not (PrepareEdge or CutOver or Drain);
}
