namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What a deployer that died may have left, and what the next one does about it.</summary>
internal sealed class RecoveryPlannerTests
{
    [Test]
    public void Nothing_to_recover_after_a_deploy_that_ended() =>
        RecoveryPlanner.Plan(Serving(), new DeployOptions()).ShouldBeNull();

    [Test]
    public void Nothing_to_recover_before_the_first_deploy() =>
        RecoveryPlanner.Plan(Snapshot.Empty("shop"), new DeployOptions()).ShouldBeNull();

    [Test]
    public void A_share_that_differs_from_the_commit_is_put_back() =>
        Recovers(
            Serving().WithShare(100),
            "the edge sent 100% to green, but 1 is committed on blue: traffic is put back",
            "cut over: all traffic to blue"
        );

    [Test]
    public void Before_its_release_started_only_the_traffic_is_made_sure_of() =>
        Recovers(
            Serving().Begun(Given.Shop, "2", Slot.Green, "start green"),
            Reverted("start green"),
            "cut over: all traffic to blue",
            "let blue restart by itself, green not"
        );

    [Test]
    public void A_release_that_was_started_and_has_no_users_is_removed() =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "gate")
                .Holding(Given.Shop, Slot.Green, "2", health: "starting"),
            Reverted("gate"),
            "cut over: all traffic to blue",
            "let blue restart by itself, green not",
            "drain green (at most 30 s)",
            "remove green"
        );

    [Test]
    public void A_healthy_release_that_users_have_already_is_committed_and_the_old_one_retired() =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "cut over")
                .Holding(Given.Shop, Slot.Green, "2")
                .WithShare(100),
            Finished("cut over"),
            "cut over: all traffic to green",
            "commit 2 on green",
            "drain blue (at most 30 s)",
            "stop blue (its containers stay)"
        );

    [TestCase("running", "unhealthy")]
    [TestCase("running", "starting")]
    [TestCase("exited", "healthy")]
    [TestCase("restarting", "healthy")]
    public void A_release_that_users_have_and_that_does_not_work_is_taken_back(string state, string health) =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "cut over")
                .Holding(Given.Shop, Slot.Green, "2", state, health)
                .WithShare(100),
            Reverted("cut over"),
            "cut over: all traffic to blue",
            "let blue restart by itself, green not",
            "drain green (at most 30 s)",
            "remove green"
        );

    [Test]
    public void A_committed_and_healthy_release_stays_and_is_not_committed_twice() =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "drain blue")
                .ThenCommitted(Given.Shop, "2", Slot.Green)
                .Holding(Given.Shop, Slot.Green, "2")
                .WithShare(100),
            Finished("drain blue"),
            "cut over: all traffic to green",
            "let green restart by itself, blue not",
            "drain blue (at most 30 s)",
            "stop blue (its containers stay)"
        );

    [Test]
    public void A_committed_release_that_does_not_work_is_taken_back_with_its_commit() =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "watch")
                .ThenCommitted(Given.Shop, "2", Slot.Green)
                .Holding(Given.Shop, Slot.Green, "2", health: "unhealthy")
                .WithShare(100),
            Reverted("watch"),
            "cut over: all traffic to blue",
            "commit 1 on blue",
            "drain green (at most 30 s)",
            "remove green"
        );

    [Test]
    public void An_undo_that_had_taken_the_commit_and_the_traffic_back_is_completed() =>
        Recovers(
            Serving()
                .Begun(Given.Shop, "2", Slot.Green, "drain green")
                .ThenCommitted(Given.Shop, "2", Slot.Green)
                .ThenCommitted(Given.Shop, "1", Slot.Blue)
                .Holding(Given.Shop, Slot.Green, "2"),
            Reverted("drain green"),
            "cut over: all traffic to blue",
            "let blue restart by itself, green not",
            "drain green (at most 30 s)",
            "remove green"
        );

    [Test]
    public void A_first_deploy_that_was_not_committed_is_taken_away() =>
        Recovers(
            Snapshot.Empty("shop").Begun(Given.Shop, "2", Slot.Blue, "gate").Holding(Given.Shop, Slot.Blue, "2"),
            "the deploy of 2 by bob@ci died at: gate; there was no earlier release: what it had begun is undone",
            "drain blue (at most 30 s)",
            "remove blue"
        );

    [Test]
    public void A_committed_first_deploy_that_works_stays() =>
        Recovers(
            Snapshot
                .Empty("shop")
                .Begun(Given.Shop, "2", Slot.Blue, "watch")
                .ThenCommitted(Given.Shop, "2", Slot.Blue)
                .Holding(Given.Shop, Slot.Blue, "2"),
            Finished("watch"),
            "start edge",
            "cut over: all traffic to blue",
            "let blue restart by itself, green not"
        );

    [Test]
    public void An_interrupted_rollback_stops_its_release_and_keeps_it() =>
        Recovers(
            Rolling("gate").Holding(Given.Shop, Slot.Blue, "1"),
            "the rollback of 1 by bob@ci died at: gate; users have 2: what it had begun is undone",
            "cut over: all traffic to green",
            "let green restart by itself, blue not",
            "drain blue (at most 30 s)",
            "stop blue (its containers stay)"
        );

    [Test]
    public void An_interrupted_rollback_that_users_have_already_is_finished() =>
        Recovers(
            Rolling("commit 1").Holding(Given.Shop, Slot.Blue, "1").WithShare(0),
            "the rollback of 1 by bob@ci died at: commit 1; users had 1 already and it is healthy: it stays, the rest of the deploy is finished",
            "cut over: all traffic to blue",
            "commit 1 on blue",
            "drain green (at most 30 s)",
            "stop green (its containers stay)"
        );

    [Test]
    public void A_stopped_edge_is_started_first()
    {
        var now = Serving().Begun(Given.Shop, "2", Slot.Green, "gate").Holding(Given.Shop, Slot.Green, "2");
        Recovers(
            now with
            {
                Share = null,
                Edge = now.Edge with { IsRunning = false },
            },
            Reverted("gate"),
            "start the stopped edge",
            "cut over: all traffic to blue",
            "let blue restart by itself, green not",
            "drain green (at most 30 s)",
            "remove green"
        );
    }

    [Test]
    public void What_a_stopped_edge_would_apply_counts_as_what_users_have()
    {
        var now = Serving().Begun(Given.Shop, "2", Slot.Green, "cut over").Holding(Given.Shop, Slot.Green, "2");
        Recovers(
            now with
            {
                Share = null,
                FileShare = 100,
                Edge = now.Edge with { IsRunning = false },
            },
            Finished("cut over"),
            "start the stopped edge",
            "cut over: all traffic to green",
            "commit 2 on green",
            "drain blue (at most 30 s)",
            "stop blue (its containers stay)"
        );
    }

    [Test]
    public void A_service_that_must_not_run_twice_goes_back_with_the_users()
    {
        var now = Host.Serving(Given.Store, "1", Slot.Blue)
            .Begun(Given.Store, "2", Slot.Green, "cut over")
            .Holding(Given.Store, Slot.Green, "2");
        var handedOver = now with
        {
            Blue = new SlotState(
                Slot.Blue,
                [
                    .. now.Blue.Containers.Select(container =>
                        container.Service == "bot" ? container with { State = "exited" } : container
                    ),
                ]
            ),
            Green = new SlotState(
                Slot.Green,
                [.. now.Green.Containers.Select(container => container with { State = "running" })]
            ),
        };
        Recovers(
            handedOver,
            Reverted("cut over"),
            "cut over: all traffic to blue",
            "let blue restart by itself, green not",
            "hand over bot: stop in green, start in blue, healthy (in 2 min)",
            "drain green (at most 30 s)",
            "remove green"
        );
        Recovers(
            handedOver.WithShare(100),
            Finished("cut over"),
            "cut over: all traffic to green",
            "commit 2 on green",
            "drain blue (at most 30 s)",
            "stop blue (its containers stay)"
        );
    }

    private static string Reverted(string at) =>
        $"the deploy of 2 by bob@ci died at: {at}; users have 1: what it had begun is undone";

    private static string Finished(string at) =>
        $"the deploy of 2 by bob@ci died at: {at}; users had 2 already and it is healthy: it stays, the rest of the deploy is finished";

    private static Snapshot Serving() => Host.Serving(Given.Shop, "1", Slot.Blue);

    private static Snapshot Rolling(string step) =>
        Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "2")
            .WithShare(100)
            .Begun(Given.Shop, "1", Slot.Blue, step, Operation.Rollback);

    private static void Recovers(Snapshot now, string story, params string[] steps)
    {
        var plan = RecoveryPlanner.Plan(now, new DeployOptions()).ShouldNotBeNull();
        plan.Story.ShouldBe(story);
        plan.Steps.Select(step => step.Describe()).ShouldBe(steps);
    }
}
