namespace Recyclic.Deploy.Tests.Planning;

/// <summary>A plan that stops the old one before it starts the new one says for how long nobody is there.</summary>
internal sealed class StopFirstPlanTests
{
    private static readonly DeployOptions Options = new();

    private static readonly Application Wiki = Given.App(
        """
        {
          "name": "wiki",
          "services": {
            "web": {
              "image": "gitea/gitea:1.21",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 3000, "published": "3000", "protocol": "tcp" }],
              "volumes": [{ "type": "volume", "source": "data", "target": "/data" }]
            },
            "runner": { "image": "gitea/act_runner:0.2", "healthcheck": { "test": ["CMD", "true"] }, "depends_on": { "web": { "condition": "service_healthy" } } }
          },
          "volumes": { "data": { "name": "wiki_data" } }
        }
        """
    );

    [Test]
    public void A_deploy_hands_all_over_at_once_and_says_who_is_down_and_why() =>
        DeployPlanner
            .Deploy(Wiki, Host.Serving(Wiki, "1", Slot.Blue), Given.Release(Wiki, "2"), Options)
            .ToText()
            .ShouldBe(
                """
                deploy wiki: 1 -> 2
                prepare (no user sees it; a failure undoes everything)
                  1. start green with 2                                             undo: drain green (at most 30 s), remove green
                shift (users move; a failure moves them back)
                  2. hand over web, runner: stop in blue, start in green, healthy (in 2 min)   undo: hand over web, runner: stop in green, start in blue, healthy (in 2 min)
                  3. cut over: all traffic to green                                 undo: cut over: all traffic to blue
                  4. commit 2 on green                                              undo: commit 1 on blue
                watch (users are on the new release, the old one is warm; a failure moves them back)
                  5. watch green until it has been up 2.5 s and is healthy
                  6. drain blue (at most 30 s)
                retire (past the point of no return; a failure is a warning)
                  7. stop blue (its containers stay)

                """
                    + string.Concat(
                        Wiki.Warnings.Concat([
                                "web is down from its stop in blue until its health gate passes in green (at most what its stop may take, 10 s unless stop_grace_period says otherwise, and 120 s for the gate), and requests for it wait in the edge meanwhile, each at most 30 s; the file itself is the release, and two releases would write to the volume wiki_data (/data); to let two releases run at once: x-recyclic: { overlap: true }",
                                "runner is down from its stop in blue until its health gate passes in green (at most what its stop may take, 10 s unless stop_grace_period says otherwise, and 120 s for the gate); it needs web, which must not run twice; to let two releases run at once: x-recyclic: { overlap: true }",
                            ])
                            .Select(note => $"note: {note}\n")
                    )
            );

    [Test]
    public void A_first_deploy_says_what_later_ones_will_do() =>
        DeployPlanner
            .Deploy(Wiki, Snapshot.Empty("wiki"), Given.Release(Wiki, "1"), Options)
            .Notes.ShouldContain(note =>
                note.StartsWith(
                    "web is stop-first: at each later deploy it is down from its stop until its health gate passes, and requests for it wait in the edge meanwhile, each at most 30 s; the file itself is the release",
                    StringComparison.Ordinal
                )
            );

    [Test]
    public void The_gap_is_estimated_by_the_last_one()
    {
        var now = Host.Serving(Wiki, "1", Slot.Blue);
        JournalRecord Record(JournalKind kind, double after) =>
            new(Given.Noon.AddSeconds(after), "0-1", kind)
            {
                Number = 3,
                Step =
                    kind == JournalKind.StepBegun
                        ? "hand over web, runner: stop in green, start in blue, healthy (in 2 min)"
                        : null,
            };
        now = now with
        {
            Journal = new Journal([
                .. now.Journal.Records,
                Record(JournalKind.StepBegun, 0),
                Record(JournalKind.StepEnded, 4.24),
            ]),
        };
        DeployPlanner
            .Deploy(Wiki, now, Given.Release(Wiki, "2"), Options)
            .Notes.ShouldContain(note =>
                note.StartsWith(
                    "web is down from its stop in blue until its health gate passes in green (its last hand-over took 4.2 s), and requests for it wait in the edge meanwhile, each at most 30 s; ",
                    StringComparison.Ordinal
                )
            );
    }

    [TestCase("exited", "running")]
    [TestCase("running", "running")]
    public void A_rollback_is_stop_first_too(string earlier, string serving)
    {
        var now = Host.Serving(Wiki, "1", Slot.Blue)
            .Committed(Wiki, "2", Slot.Green)
            .Holding(Wiki, Slot.Green, "2", serving)
            .Holding(Wiki, Slot.Blue, "1", earlier);
        var plan = RollbackPlanner.Plan(now, now.Journal.Previous!, Options);
        plan.Steps[0]
            .Action.Describe()
            .ShouldBe("hand over web, runner: stop in green, start in blue, healthy (in 2 min)");
        plan.Notes.ShouldHaveSingleItem()
            .ShouldStartWith("web is down from its stop in green until its health gate passes in blue");
    }

    [Test]
    public void A_rollback_to_a_release_of_before_it_was_stop_first_does_not_run_both_either()
    {
        var before = Given.App(
            Wiki.Document.ToJsonString()
                .Replace("\"ports\"", "\"x-recyclic\":{\"overlap\":true},\"ports\"", StringComparison.Ordinal)
        );
        var now = Host.Serving(before, "1", Slot.Blue)
            .Committed(Wiki, "2", Slot.Green)
            .Holding(Wiki, Slot.Green, "2")
            .Holding(before, Slot.Blue, "1", "exited");
        now.Blue.Containers.ShouldNotContain(container => container.IsExclusive);
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, Options)
            .Steps.Select(step => step.Action)
            .OfType<HandOver>()
            .ShouldHaveSingleItem()
            .Services.ShouldBe(["web", "runner"], ignoreOrder: true);
    }

    [Test]
    public void A_writer_that_the_next_release_calls_otherwise_stops_before_it_starts()
    {
        var renamed = Given.App(Wiki.Document.ToJsonString().Replace("\"web\"", "\"site\"", StringComparison.Ordinal));
        DeployPlanner
            .Deploy(renamed, Host.Serving(Wiki, "1", Slot.Blue), Given.Release(renamed, "2"), Options)
            .Steps.Select(step => step.Action)
            .OfType<HandOver>()
            .ShouldHaveSingleItem()
            .Services.ShouldBe(["site", "runner", "web"]);
    }
}
