using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Steps;

namespace Recyclic.Components.Reports;

/// <summary>
/// Pure: how far a deploy is, and what it would leave on the host if its deployer ended at this moment.
/// </summary>
internal sealed record UnfinishedDeploy(DeployPlan Plan)
{
    /// <summary>
    /// Those of the steps that have begun and were not undone, newest first; the first may be at work.
    /// </summary>
    public ImmutableArray<DeployStep> Undos { get; init; } = [];

    public UnfinishedDeploy Begun(PlannedStep step) =>
        this with
        {
            Undos = step.Phase == Phase.Retire ? [] : [.. step.Undo, .. Undos.Where(undo => !step.Undo.Contains(undo))],
        };

    /// <summary>Undos run newest first: those before this one have ended.</summary>
    public UnfinishedDeploy Undoing(DeployStep undo) =>
        this with
        {
            Undos = [.. Undos.SkipWhile(other => other != undo)],
        };

    public override string ToString()
    {
        var what = Plan.Operation == Operation.Deploy ? "deploy" : "rollback";
        var before = Plan.BasedOn.Current;
        var users = Undos.Any(undo => undo.MovesUsers)
            ? $"{before?.Release.Tag} or {Plan.To.Tag}, all of them the same"
            : $"{before?.Release.Tag ?? "nothing yet"}, as before";
        return Undos.IsEmpty
            ? $"{Plan.BasedOn.App}: the {what} of {Plan.To.Tag} without its end\n  next        the next command finishes it, or takes it back; ./build.sh Recover does nothing else"
            : $"{Plan.BasedOn.App}: the {what} of {Plan.To.Tag} half done\n  users       {users}\n  not undone  {string.Join(", ", Undos.Select(undo => undo.Describe()))}\n  next        the next command puts it right; ./build.sh Recover does nothing else";
    }
}
