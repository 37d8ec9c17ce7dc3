namespace Recyclic.Deploy.Tests.Planning;

internal sealed class RollbackPlanTests
{
    [Test]
    public void A_rollback_to_a_warm_release_only_looks_at_its_health_and_shifts() =>
        Rollback(
                Host.Serving(Given.Shop, "1", Slot.Blue)
                    .Committed(Given.Shop, "2", Slot.Green, keepWarm: true)
                    .Holding(Given.Shop, Slot.Green, "2")
            )
            .ShouldBe(
                """
                roll back shop: 2 -> 1
                prepare (no user sees it; a failure undoes everything)
                  1. gate: api in blue healthy (in 2 min)   undo: let green restart by itself, blue not
                shift (users move; a failure moves them back)
                  2. cut over: all traffic to blue          undo: cut over: all traffic to green
                  3. commit 1 on blue                       undo: commit 2 on green

                """
            );

    [Test]
    public void A_rollback_to_a_warm_release_hands_the_exclusive_service_over() =>
        Rollback(
                Host.Serving(Given.Store, "1", Slot.Blue)
                    .Committed(Given.Store, "2", Slot.Green, keepWarm: true)
                    .Holding(Given.Store, Slot.Green, "2")
                    .Holding(Given.Store, Slot.Blue, "1")
            )
            .ShouldBe(
                """
                roll back store: 2 -> 1
                prepare (no user sees it; a failure undoes everything)
                  1. gate: api, web in blue healthy (in 2 min)                      undo: let green restart by itself, blue not
                shift (users move; a failure moves them back)
                  2. hand over bot: stop in green, start in blue, healthy (in 2 min)   undo: hand over bot: stop in blue, start in green, healthy (in 2 min)
                  3. cut over: all traffic to blue                                  undo: cut over: all traffic to green
                  4. commit 1 on blue                                               undo: commit 2 on green

                """
            );

    [Test]
    public void A_rollback_to_a_release_that_nobody_asked_to_keep_warm_stops_the_one_that_it_leaves() =>
        Rollback(
                Host.Serving(Given.Shop, "1", Slot.Blue)
                    .Committed(Given.Shop, "2", Slot.Green)
                    .Holding(Given.Shop, Slot.Green, "2")
            )
            .ShouldBe(
                """
                roll back shop: 2 -> 1
                prepare (no user sees it; a failure undoes everything)
                  1. gate: api in blue healthy (in 2 min)   undo: let green restart by itself, blue not
                shift (users move; a failure moves them back)
                  2. cut over: all traffic to blue          undo: cut over: all traffic to green
                  3. commit 1 on blue                       undo: commit 2 on green
                retire (past the point of no return; a failure is a warning)
                  4. drain green (at most 30 s)
                  5. stop green (its containers stay)

                """
            );

    [TestCase(true)]
    [TestCase(false)]
    public void A_rollback_keeps_warm_what_it_leaves_when_it_is_asked_to(bool isRunning)
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "2")
            .Holding(Given.Shop, Slot.Blue, "1", isRunning ? "running" : "exited");
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, new DeployOptions { KeepWarm = true })
            .Steps.ShouldNotContain(step => step.Phase == Phase.Retire);
    }

    [Test]
    public void A_rollback_to_a_stopped_release_starts_it_again_and_passes_the_gate_first() =>
        Rollback(
                Host.Serving(Given.Shop, "1", Slot.Blue)
                    .Committed(Given.Shop, "2", Slot.Green)
                    .Holding(Given.Shop, Slot.Green, "2")
                    .Holding(Given.Shop, Slot.Blue, "1", "exited")
            )
            .Split('\n')
            .Where(line => line.Contains(". ", StringComparison.Ordinal))
            .Select(line => line[5..].Split("   ")[0].Trim())
            .ShouldBe([
                "start blue again with 1",
                "gate: api in blue healthy (in 2 min)",
                "cut over: all traffic to blue",
                "commit 1 on blue",
                "drain green (at most 30 s)",
                "stop green (its containers stay)",
            ]);

    [Test]
    public void A_rollback_removes_no_image()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Committed(Given.Shop, "3", Slot.Blue)
            .Committed(Given.Shop, "4", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "4")
            .Holding(Given.Shop, Slot.Blue, "3", "exited");
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, new DeployOptions { KeepReleases = 1 })
            .Steps.ShouldNotContain(step => step.Action is PruneImages);
    }

    private static string Rollback(Snapshot now) =>
        RollbackPlanner.Plan(now, now.Journal.Previous!, new DeployOptions()).ToText();
}
