using System.Collections.Immutable;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

/// <summary>What of the release that should run does not is told, with what users get instead.</summary>
public sealed class ServiceReportTests
{
    private static readonly Release V1 = new(
        "v1-1",
        "v1",
        new[] { "api", "migrate", "web" }.ToImmutableSortedDictionary(
            service => service,
            service => new ImageRef($"shop/{service}:v1", $"sha256:{service}"),
            StringComparer.Ordinal
        )
    );

    private static readonly Snapshot Well = Snapshot.Empty("shop") with
    {
        Share = 0,
        FileShare = 0,
        Edge = EdgeState.None with { Exists = true, IsRunning = true },
        Usable = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("blue-web-80", ["10.0.0.2"]),
        Journal = new Journal([
            new JournalRecord(Outcomes.Start, "1", JournalKind.Begin)
            {
                Operation = Operation.Deploy,
                Release = V1,
                Slot = Slot.Blue,
                OneOffs = ["migrate"],
            },
            new JournalRecord(Outcomes.Start, "1", JournalKind.Commit) { Release = V1, Slot = Slot.Blue },
            new JournalRecord(Outcomes.Start, "1", JournalKind.End) { Outcome = Outcome.Success },
        ]),
        Blue = new SlotState(Slot.Blue, [Container("api"), Container("web"), Container("web")]),
    };

    [Test]
    public void Where_all_runs_nothing_is_said_and_one_offs_may_be_gone()
    {
        ServiceReport.Problems(Well).ShouldBeEmpty();
        StatusReport.ToText(Well, null, Outcomes.Start).ShouldNotContain("problem");
    }

    [Test]
    public void What_is_missing_is_told_with_what_users_get()
    {
        var now = Well with { Blue = new SlotState(Slot.Blue, [Container("api")]) };
        ServiceReport.Problems(now).ShouldBe(["web MISSING, users get 503"]);
        StatusReport.ToText(now, null, Outcomes.Start).ShouldContain("  problem   web MISSING, users get 503\n");
        StatusReport
            .ToText(now, null, Outcomes.Start)
            .ShouldContain("  next      ./build.sh AtomicDeploy --tag v1 starts it anew");
    }

    [Test]
    public void What_nobody_is_sent_to_is_missing_all_the_same() =>
        ServiceReport
            .Problems(Well with { Blue = new SlotState(Slot.Blue, [Container("web"), Container("web")]) })
            .ShouldBe(["api MISSING"]);

    [Test]
    public void Some_of_several_are_counted() =>
        ServiceReport
            .Problems(
                Well with
                {
                    Blue = new SlotState(
                        Slot.Blue,
                        [Container("api"), Container("web"), Container("web") with { State = "exited", ExitCode = 137 }]
                    ),
                }
            )
            .ShouldBe(["web 1 of 2 containers work; exited (137)"]);

    [Test]
    public void What_runs_and_is_unhealthy_is_told() =>
        ServiceReport
            .Problems(
                Well with
                {
                    Blue = new SlotState(
                        Slot.Blue,
                        [Container("api") with { Health = "unhealthy" }, Container("web"), Container("web")]
                    ),
                }
            )
            .ShouldBe(["api unhealthy"]);

    [Test]
    public void An_edge_that_is_gone_and_a_share_that_was_not_committed_are_told()
    {
        ServiceReport
            .Problems(Well with { Edge = EdgeState.None with { Exists = true }, Share = null, Usable = null })
            .ShouldBe(["users get no answer: the edge does not run; the next deploy starts it"]);
        ServiceReport
            .Problems(Well with { Share = 100, FileShare = 100 })
            .ShouldContain("100% of the traffic goes to green, which is not what was committed: ./build.sh Recover");
    }

    [Test]
    public void Containers_that_are_alike_are_one_line() =>
        StatusReport.ToText(Well, null, Outcomes.Start).ShouldContain("web          v1             running (× 2)");

    private static Container Container(string service) =>
        new(
            Guid.NewGuid().ToString("N"),
            service,
            service,
            "running",
            "none",
            0,
            "sha256:v1",
            Outcomes.Start,
            ImmutableDictionary<string, string>.Empty.Add(Naming.TagLabel, "v1"),
            []
        );
}
