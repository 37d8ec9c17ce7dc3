namespace Recyclic.Selftest.Tests;

/// <summary>
/// When requests to a stop-first service may fail: from 2000 its old container is stopped, from 5000 users have the new
/// one.
/// </summary>
public sealed class GapTests
{
    private static readonly Evidence HandedOver = Seen.Well with
    {
        Case = new SelftestCase(
            CaseFault.Kill,
            new ScenarioPoint(Scenario.StopFirst, FaultPoint.TryParse("after:StepBegun:3")!, "hand over")
        ),
        JournalLines =
        [
            Seen.Line(1000, "a", JournalKind.Begin, tag: "two"),
            Seen.Line(
                1900,
                "a",
                JournalKind.StepBegun,
                step: "hand over front: stop in blue, start in green",
                number: 1
            ),
            Seen.Line(4500, "a", JournalKind.StepEnded, number: 1),
            Seen.Line(4600, "a", JournalKind.StepBegun, step: "cut over: all traffic to green", number: 2),
            Seen.Line(5000, "a", JournalKind.StepEnded, number: 2),
            Seen.Line(9000, "a", JournalKind.End, outcome: Outcome.Success),
        ],
        Events =
        [
            Seen.Event("1", Moment.Signalled, 2000, "front"),
            Seen.Event("1", Moment.Ended, 2100, "front"),
            Seen.Event("2", Moment.Started, 2200, "front"),
            Seen.Event("2", Moment.Healthy, 4400, "front"),
        ],
    };

    /// <summary>Its end is the cutover's, and not the gate's: users are moved then.</summary>
    [TestCase(500, false)]
    [TestCase(2050, true)]
    [TestCase(4550, true)]
    [TestCase(5050, false)]
    [TestCase(9050, false)]
    public void Requests_may_fail_between_the_stop_and_the_cutover_and_at_no_other_time(double at, bool may) =>
        ShouldBe(HandedOver, at, may);

    [Test]
    public void Another_port_has_no_gap() =>
        Invariants.FailedRequests(HandedOver with { Requests = [Seen.Failure(2500, "api")] }).ShouldNotBeEmpty();

    [Test]
    public void Another_scenario_has_no_gap() =>
        Invariants
            .FailedRequests(HandedOver with { Case = Seen.Well.Case, Requests = [Seen.Failure(2500)] })
            .ShouldNotBeEmpty();

    /// <summary>Users are moved back to one that is stopped, and that is started after it.</summary>
    [TestCase(5500, false)]
    [TestCase(6500, true)]
    [TestCase(8500, false)]
    public void An_undo_has_a_gap_of_its_own_until_it_goes_on_to_the_next(double at, bool may) =>
        ShouldBe(
            HandedOver with
            {
                JournalLines =
                [
                    .. HandedOver.JournalLines[..^1],
                    Seen.Line(6000, "a", JournalKind.UndoBegun, step: "cut over: all traffic to blue"),
                    Seen.Line(6100, "a", JournalKind.UndoBegun, step: "hand over front: stop in green, start in blue"),
                    Seen.Line(8000, "a", JournalKind.UndoBegun, step: "drain green"),
                    Seen.Line(9000, "a", JournalKind.End, outcome: Outcome.Undone),
                ],
                Events =
                [
                    .. HandedOver.Events,
                    Seen.Event("2", Moment.Signalled, 6200, "front"),
                    Seen.Event("2", Moment.Ended, 6300, "front"),
                    Seen.Event("1", Moment.Started, 6400, "front"),
                    Seen.Event("1", Moment.Healthy, 7900, "front"),
                ],
            },
            at,
            may
        );

    [Test]
    public void One_that_never_comes_back_is_excused_until_the_last_command_is_through_and_not_longer()
    {
        var lost = HandedOver with { Events = HandedOver.Events[..2] };
        ShouldBe(lost, 8900, true);
        ShouldBe(lost, 9100, false);
    }

    private static void ShouldBe(Evidence seen, double at, bool mayFail) =>
        Invariants.FailedRequests(seen with { Requests = [Seen.Failure(at)] }).IsEmpty.ShouldBe(mayFail);
}
