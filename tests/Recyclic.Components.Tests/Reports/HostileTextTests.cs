using System.Collections.Immutable;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Tests;

/// <summary>
/// What containers, the engine and earlier deployers say is shown on a terminal and must not be obeyed by it.
/// </summary>
public sealed class HostileTextTests
{
    private const string Nasty = "\e[2J\e]0;owned\a\u202egnp\0\u009b31m";

    [Test]
    public void A_failure_report_shows_causes_and_evidence_harmlessly() =>
        ShouldBeHarmless(
            FailureReport.Of(
                Outcomes.Of(
                    Outcome.Failed,
                    cause: new StepFailedException(Nasty, [Nasty]),
                    undoCause: new InvalidOperationException(Nasty)
                )
            )
        );

    [Test]
    public void A_failure_outside_of_a_plan_is_shown_harmlessly() =>
        ShouldBeHarmless(FailureReport.OutsidePlan(new InvalidOperationException(Nasty)));

    [Test]
    public void A_journal_is_shown_harmlessly_whoever_wrote_it()
    {
        var journal = new Journal([
            new JournalRecord(Outcomes.Start, "1", JournalKind.Begin)
            {
                Operation = Operation.Deploy,
                Release = Outcomes.Release("1"),
                Slot = Slot.Blue,
                By = Nasty,
            },
            new JournalRecord(Outcomes.Start, "1", JournalKind.Commit)
            {
                Release = Outcomes.Release("1"),
                Slot = Slot.Blue,
            },
            new JournalRecord(Outcomes.Start, "1", JournalKind.End) { Outcome = Outcome.Failed, Reason = Nasty },
            new JournalRecord(Outcomes.Start, "1", JournalKind.UndoBegun) { Step = Nasty },
        ]);
        var labels = ImmutableDictionary<string, string>.Empty.Add(Naming.TagLabel, Nasty);
        var now = Snapshot.Empty("shop") with
        {
            Journal = journal,
            Blue = new SlotState(
                Slot.Blue,
                [new Container("1", "a", Nasty, "running", "none", 0, "sha256:1", Outcomes.Start, labels, [])]
            ),
        };
        ShouldBeHarmless(HistoryReport.ToText(journal, Outcomes.Start));
        ShouldBeHarmless(StatusReport.ToText(now, null, Outcomes.Start));
        ShouldBeHarmless(HistoryReport.ToJson(journal));
        ShouldBeHarmless(StatusReport.ToJson(now, "local", null, DateTimeOffset.UnixEpoch));
    }

    private static void ShouldBeHarmless(string text) =>
        text.ShouldAllBe(c => c == '\n' || !char.IsControl(c) && c != '\u202e');
}
