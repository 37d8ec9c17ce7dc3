using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what takes each step of a plan back.</summary>
internal static class Undos
{
    /// <summary>What takes a step back depends on what was there before; each step says it itself.</summary>
    public static ImmutableArray<PlannedStep> With(
        IEnumerable<PlannedStep> steps,
        Snapshot before,
        DeployOptions options,
        bool isRouted
    ) =>
        steps.Select(step => step with { Undo = step.Action.Undo(before, options) }) is var all && isRouted
            ? [.. all]
            : [.. Unrouted.Of(all)];
}
