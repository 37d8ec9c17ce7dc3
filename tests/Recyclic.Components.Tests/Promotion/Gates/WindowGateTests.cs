using Recyclic.Components.Environments;
using Recyclic.Components.Gates;

namespace Recyclic.Components.Tests.Gates;

public sealed class WindowGateTests
{
    private static readonly DeployWindow Office = new("Europe/Vienna", new TimeOnly(9, 0), new TimeOnly(16, 0));

    [TestCase("2026-03-02T08:00:00Z", true)] // Monday 09:00 in Vienna
    [TestCase("2026-03-02T07:59:00Z", false)]
    [TestCase("2026-03-02T14:59:00Z", true)]
    [TestCase("2026-03-02T15:00:00Z", false)]
    [TestCase("2026-07-06T07:00:00Z", true)] // Monday 09:00 in Vienna's summer
    [TestCase("2026-07-06T14:00:00Z", false)]
    [TestCase("2026-03-06T10:00:00Z", false)] // Friday
    [TestCase("2026-03-07T10:00:00Z", false)] // Saturday
    public void The_window_is_in_its_own_time_zone_and_closed_on_Fridays(string now, bool isOpen) =>
        Judge(new WindowGate(Office), now).Verdict.ShouldBe(isOpen ? GateVerdict.Passed : GateVerdict.Failed);

    [Test]
    public void What_is_seen_is_said() =>
        Judge(new WindowGate(Office), "2026-03-06T10:00:00Z")
            .Evidence.ShouldBe(
                "Fri 2026-03-06 11:00 Europe/Vienna is outside Mon, Tue, Wed, Thu 09:00-16:00 Europe/Vienna"
            );

    [Test]
    public void The_hour_that_the_clock_skips_or_repeats_is_judged_by_what_it_shows()
    {
        var night = new WindowGate(Office with { From = new(2, 0), To = new(3, 0), Days = [DayOfWeek.Sunday] });
        Judge(night, "2026-03-29T01:00:00Z")
            .Verdict.ShouldBe(GateVerdict.Failed, "02:00 does not exist that day; it is 03:00");
        Judge(night, "2026-10-25T00:30:00Z").Verdict.ShouldBe(GateVerdict.Passed);
        Judge(night, "2026-10-25T01:30:00Z").Verdict.ShouldBe(GateVerdict.Passed, "02:30 for the second time");
    }

    [Test]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_opens()
    {
        var night = new WindowGate(new("UTC", new TimeOnly(22, 0), new TimeOnly(2, 0)) { Days = [DayOfWeek.Thursday] });
        Judge(night, "2026-03-05T23:00:00Z").Verdict.ShouldBe(GateVerdict.Passed);
        Judge(night, "2026-03-06T01:59:00Z").Verdict.ShouldBe(GateVerdict.Passed, "Friday 01:59 is Thursday's night");
        Judge(night, "2026-03-06T02:00:00Z").Verdict.ShouldBe(GateVerdict.Failed);
        Judge(night, "2026-03-05T01:00:00Z").Verdict.ShouldBe(GateVerdict.Failed, "that was Wednesday's night");
    }

    [Test]
    public void A_freeze_closes_it_for_hotfixes_too_in_its_time_zone()
    {
        var gate = new WindowGate(Office) { Freezes = [new(new(2026, 12, 21), new(2027, 1, 6), "end of the year")] };
        Judge(gate, "2026-12-21T10:00:00Z", "down").Verdict.ShouldBe(GateVerdict.Failed);
        Judge(gate, "2026-12-20T23:30:00Z", "down").Evidence.ShouldContain("the freeze 'end of the year'");
        Judge(gate, "2027-01-06T22:30:00Z", "down").Verdict.ShouldBe(GateVerdict.Failed);
        Judge(gate, "2027-01-07T10:00:00Z").Verdict.ShouldBe(GateVerdict.Passed);
    }

    [Test]
    public void Outside_the_window_a_hotfix_is_waived_with_its_reason()
    {
        var result = Judge(new WindowGate(Office), "2026-03-06T10:00:00Z", "checkout is down");
        result.Verdict.ShouldBe(GateVerdict.Waived);
        result.Evidence.ShouldEndWith("waived for a hotfix: checkout is down");
    }

    [Test]
    public void A_window_without_a_time_zone_or_a_day_is_a_mistake()
    {
        Mistakes(new WindowGate(Office with { TimeZone = "" })).ShouldBe(["the window has no time zone"]);
        Mistakes(new WindowGate(Office with { TimeZone = "Europe/Vindobona" }))
            .ShouldBe(["the time zone 'Europe/Vindobona' is not known on this machine"]);
        Mistakes(new WindowGate(Office with { Days = [] })).ShouldBe(["the window never opens: it has no day"]);
        Mistakes(new WindowGate(Office) { Freezes = [new(new(2026, 2, 2), new(2026, 2, 1), "x")] })
            .ShouldBe(["the freeze 'x' ends before it begins"]);
        Mistakes(new WindowGate(Office)).ShouldBeEmpty();
    }

    [Test]
    public void What_keeps_releases_out_at_a_moment_is_the_window_or_the_freeze()
    {
        var open = new DeployEnvironment("production") { Gates = [new WindowGate(Office)] };
        WindowGate.ClosedAt(open, At("2026-03-02T10:00:00Z")).ShouldBeEmpty();
        WindowGate
            .ClosedAt(open, At("2026-03-06T10:00:00Z"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                gate => gate.Gate.ShouldBe("window"),
                gate => gate.ForHotfixToo.ShouldBeFalse()
            );
        var frozen = open with { Gates = [new WindowGate(Office) { Freezes = [Freeze.UntilLifted("stock-taking")] }] };
        WindowGate
            .ClosedAt(frozen, At("2026-03-02T10:00:00Z"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                gate => gate.Gate.ShouldBe("freeze"),
                gate => gate.ForHotfixToo.ShouldBeTrue(),
                gate => gate.Why.ShouldEndWith("is in the freeze 'stock-taking', until it is lifted")
            );
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Mistakes(WindowGate gate) =>
        gate.Mistakes(new DeployEnvironment("production")).Select(mistake => mistake.What);

    private static GateResult Judge(WindowGate gate, string now, string? hotfix = null) =>
        gate.Judge(new GateFacts(new DeployEnvironment("production"), At(now), "a", "d") { Hotfix = hotfix });
}
