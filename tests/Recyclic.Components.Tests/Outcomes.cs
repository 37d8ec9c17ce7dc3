using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Steps;

namespace Recyclic.Components.Tests;

/// <summary>Outcomes of a deploy of `new5678` to `shop`, where `old1234` was live.</summary>
internal static class Outcomes
{
    public static readonly DateTimeOffset Start = new(2026, 1, 31, 10, 30, 0, 125, TimeSpan.FromHours(1));

    public static DeployOutcome Of(
        Outcome outcome,
        Operation operation = Operation.Deploy,
        bool first = false,
        Exception? cause = null,
        Exception? undoCause = null
    ) =>
        new(
            Plan(operation, first),
            outcome,
            TimeSpan.FromSeconds(12.3456),
            outcome == Outcome.Success ? 83.96 : null,
            new RequestCount(1200, 0),
            cause is null ? null : new StepFailure(4, 9, new CutOver(Slot.Green), cause),
            outcome == Outcome.Success ? [] : [new RemoveRelease(Slot.Green)],
            undoCause is null ? [] : [new StepFailure(4, 9, new CutOver(Slot.Blue), undoCause)],
            outcome == Outcome.Success ? ["step 9: stop blue: it hangs\nsecond line"] : []
        );

    public static Release Release(string tag) =>
        Deploy.Model.Release.Of(
            tag,
            new Dictionary<string, ImageRef> { ["api"] = new($"shop/api:{tag}", $"sha256:{tag}") }
        );

    private static DeployPlan Plan(Operation operation, bool first)
    {
        var snapshot = Snapshot.Empty("shop");
        var live = new JournalRecord(Start, "1", JournalKind.Commit) { Release = Release("old1234"), Slot = Slot.Blue };
        if (!first)
            snapshot = snapshot with { Journal = new Journal([live]) };
        return new DeployPlan(
            operation,
            snapshot,
            Release("new5678"),
            Slot.Green,
            ImmutableArray<PlannedStep>.Empty,
            []
        );
    }
}
