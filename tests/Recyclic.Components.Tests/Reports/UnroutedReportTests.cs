using System.Collections.Immutable;
using Recyclic.Components.Notifications;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>
/// Where nothing is published, no text speaks of traffic or of users, and what has done its work once has not crashed.
/// </summary>
public sealed class UnroutedReportTests
{
    private static readonly Snapshot Now = Snapshot.Empty("mill") with
    {
        // What an edge of long ago left behind says nothing.
        FileShare = 100,
        Journal = new Journal([
            new JournalRecord(Outcomes.Start, "1", JournalKind.Commit)
            {
                Release = Outcomes.Release("v1"),
                Slot = Slot.Blue,
            },
        ]),
        Blue = new SlotState(Slot.Blue, [Container("api", "running"), Container("migrate", "exited", oneOff: true)]),
    };

    [Test]
    public void Status_says_that_there_is_no_edge_and_that_all_is_well()
    {
        var text = StatusReport.ToText(Now, null, Outcomes.Start);
        text.ShouldContain("edge      none: nothing is published");
        text.ShouldContain("one-off, done");
        text.ShouldNotContain("traffic");
        StatusReport.ToJson(Now, "local", null, DateTimeOffset.UnixEpoch).ShouldContain("\"healthy\": true");
    }

    [Test]
    public void What_works_is_read_off_the_committed_slot_and_its_one_offs_do_not_count() =>
        ServedReport.Of(Now).ShouldBe("v1 on blue");

    [TestCase(Outcome.Success, "✅ shop: deploy of new5678 succeeded, it works in production")]
    [TestCase(Outcome.Undone, "❌ shop: deploy of new5678 to production failed, old1234 works on as before")]
    public void A_notice_does_not_speak_of_users(Outcome outcome, string headline)
    {
        var routed = Outcomes.Of(outcome);
        var notice = DeployNotice.Of(
            routed with
            {
                Plan = routed.Plan with { IsRouted = false },
            },
            new NoticeContext("production", "ann@laptop", "host", Outcomes.Start)
        );
        NoticeText.Headline(notice).ShouldBe(headline);
    }

    private static Container Container(string service, string state, bool oneOff = false)
    {
        var labels = ImmutableDictionary<string, string>.Empty.Add(Naming.TagLabel, "v1");
        return new Container(
            service,
            service,
            service,
            state,
            "none",
            0,
            "sha256:v1",
            Outcomes.Start,
            oneOff ? labels.Add(Naming.OneOffLabel, "true") : labels,
            []
        );
    }
}
