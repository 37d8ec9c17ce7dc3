namespace Recyclic.Selftest.Tests;

public sealed class OneOffRunsTests
{
    /// <summary>A deploy of two that ran its migration, then a rollback that did not.</summary>
    private static readonly Evidence Well = Seen.Well with
    {
        Case = new SelftestCase(
            CaseFault.Kill,
            new ScenarioPoint(Scenario.OneOff, FaultPoint.TryParse("after:StepBegun:1")!, "run migrate")
        ),
        JournalLines =
        [
            Seen.Line(1000, "a", JournalKind.Begin, tag: "two", operation: Operation.Deploy),
            Seen.Line(
                1100,
                "a",
                JournalKind.StepBegun,
                step: "run migrate once in green, before front (in 10 min)",
                number: 1
            ),
            Seen.Line(1400, "a", JournalKind.StepEnded, number: 1),
            Seen.Line(2000, "a", JournalKind.End, outcome: Outcome.Success),
            Seen.Line(3000, "b", JournalKind.Begin, tag: "one", operation: Operation.Rollback),
            Seen.Line(4000, "b", JournalKind.End, outcome: Outcome.Success),
        ],
        Events =
        [
            Run("1", 1200, Moment.Started),
            Run("1", 1300, Moment.Ended, 0),
            Seen.Event("2", Moment.Started, 1500, "front"),
        ],
    };

    [Test]
    public void Once_for_a_deploy_and_never_for_a_rollback_holds() => Broken(Well).ShouldBeEmpty();

    [Test]
    public void A_deployer_that_was_killed_before_the_start_or_before_the_record_of_the_end_may_have_run_it()
    {
        var unrecorded = Well with { JournalLines = [.. Well.JournalLines.Where((_, at) => at != 2)] };
        Broken(unrecorded).ShouldBeEmpty();
        Broken(unrecorded with { Events = [] }).ShouldBeEmpty();
    }

    [Test]
    public void Every_other_run_is_told()
    {
        Broken(Well with { Events = [] })
            .ShouldHaveSingleItem()
            .ShouldContain("migrate was run 0 times by the Deploy of two");
        Broken(Well with { Events = [.. Well.Events, Run("3", 1350, Moment.Started)] })
            .ShouldHaveSingleItem()
            .ShouldContain("migrate was run 2 times by the Deploy of two");
        Broken(Well with { Events = [.. Well.Events, Run("3", 3100, Moment.Started)] })
            .ShouldHaveSingleItem()
            .ShouldContain("migrate was run 1 times by the Rollback of one");
        Broken(Well with { Events = [.. Well.Events, Run("1", 1350, Moment.Started)] })
            .ShouldContain("migrate was started 2 times in one container");
        Broken(Well with { Events = [.. Well.Events, Seen.Event("3", Moment.Started, 1250, "front")] })
            .ShouldHaveSingleItem()
            .ShouldContain("front of two was started before migrate had ended");
        Broken(Well with { Left = Seen.Inventory("app--green-migrate-1 running") })
            .ShouldHaveSingleItem()
            .ShouldContain("app--green-migrate-1 running");
    }

    [Test]
    public void An_application_without_one_has_nothing_to_hold() =>
        Broken(Well with { Case = Seen.Well.Case, Events = [] }).ShouldBeEmpty();

    private static ContainerEvent Run(string id, double at, Moment moment, int? exitCode = null) =>
        Seen.Event(id, moment, at, "migrate", exitCode);

    private static string[] Broken(Evidence seen) =>
        [.. OneOffRuns.Broken(seen, Journal.Parse(seen.JournalLines).Records)];
}
