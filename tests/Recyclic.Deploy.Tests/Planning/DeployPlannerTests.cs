namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What is on the host and a release in, the text of the plan out.</summary>
internal sealed class DeployPlannerTests
{
    private static readonly DeployOptions Options = new();

    [Test]
    public void The_first_deploy_makes_everything_and_can_take_everything_back() =>
        Deploy(Given.Shop, Snapshot.Empty("shop"), "1.4.2")
            .ShouldBe(
                """
                deploy shop: 1.4.2 (first release)
                prepare (no user sees it; a failure undoes everything)
                  1. start accessories db       undo: remove accessories db
                  2. connect db to both slots   undo: remove networks
                  3. start edge                 undo: remove edge
                  4. start blue with 1.4.2      undo: drain blue (at most 30 s), remove blue
                  5. gate: api in blue healthy (in 2 min)
                shift (users move; a failure moves them back)
                  6. cut over: all traffic to blue
                  7. publish 8000               undo: no longer publish 8000
                  8. commit 1.4.2 on blue       undo: withdraw the commit of 1.4.2
                watch (users are on the new release, the old one is warm; a failure moves them back)
                  9. watch blue until it has been up 2.5 s and is healthy

                """
            );

    [Test]
    public void The_next_deploy_goes_into_the_idle_slot_and_keeps_the_old_one_until_the_new_one_has_been_watched() =>
        Deploy(Given.Shop, Host.Serving(Given.Shop, "1.4.1", Slot.Blue), "1.4.2")
            .ShouldBe(
                """
                deploy shop: 1.4.1 -> 1.4.2
                prepare (no user sees it; a failure undoes everything)
                  1. start green with 1.4.2           undo: drain green (at most 30 s), remove green
                  2. gate: api in green healthy (in 2 min)
                shift (users move; a failure moves them back)
                  3. cut over: all traffic to green   undo: cut over: all traffic to blue
                  4. commit 1.4.2 on green            undo: commit 1.4.1 on blue
                watch (users are on the new release, the old one is warm; a failure moves them back)
                  5. watch green until it has been up 2.5 s and is healthy
                  6. drain blue (at most 30 s)
                retire (past the point of no return; a failure is a warning)
                  7. stop blue (its containers stay)

                """
            );

    [Test]
    public void What_the_idle_slot_holds_is_cleared_before_the_new_release_starts() =>
        Deploy(
                Given.Shop,
                Host.Serving(Given.Shop, "1.4.1", Slot.Green).Holding(Given.Shop, Slot.Blue, "1.4.0", "exited"),
                "1.4.2",
                Options with
                {
                    Watch = TimeSpan.Zero,
                }
            )
            .ShouldBe(
                """
                deploy shop: 1.4.1 -> 1.4.2
                prepare (no user sees it; a failure undoes everything)
                  1. clear blue (held 1.4.0)
                  2. start blue with 1.4.2           undo: drain blue (at most 30 s), remove blue
                  3. gate: api in blue healthy (in 2 min)
                shift (users move; a failure moves them back)
                  4. cut over: all traffic to blue   undo: cut over: all traffic to green
                  5. commit 1.4.2 on blue            undo: commit 1.4.1 on green
                watch (users are on the new release, the old one is warm; a failure moves them back)
                  6. drain green (at most 30 s)
                retire (past the point of no return; a failure is a warning)
                  7. stop green (its containers stay)

                """
            );

    [Test]
    public void A_service_that_must_not_run_twice_is_handed_over_before_the_cutover_and_handed_back_by_an_undo() =>
        Deploy(
                Given.Store,
                Host.Serving(Given.Store, "1.4.1", Slot.Blue),
                "1.4.2",
                Options with
                {
                    DeployTimeout = TimeSpan.FromMinutes(5),
                    DrainTimeout = TimeSpan.FromSeconds(1),
                }
            )
            .ShouldBe(
                """
                deploy store: 1.4.1 -> 1.4.2
                prepare (no user sees it; a failure undoes everything)
                  1. start green with 1.4.2                                         undo: drain green (at most 1 s), remove green
                  2. gate: api, web in green healthy (in 5 min)
                shift (users move; a failure moves them back)
                  3. hand over bot: stop in blue, start in green, healthy (in 5 min)   undo: hand over bot: stop in green, start in blue, healthy (in 5 min)
                  4. cut over: all traffic to green                                 undo: cut over: all traffic to blue
                  5. commit 1.4.2 on green                                          undo: commit 1.4.1 on blue
                watch (users are on the new release, the old one is warm; a failure moves them back)
                  6. watch green until it has been up 2.5 s and is healthy
                  7. drain blue (at most 1 s)
                retire (past the point of no return; a failure is a warning)
                  8. stop blue (its containers stay)

                """
            );

    [Test]
    public void An_accessory_that_the_file_has_only_now_is_started_and_stays_even_when_the_deploy_fails()
    {
        var now = Host.Serving(Given.Shop, "1.4.1", Slot.Blue);
        Preparation(Given.Shop, now with { Accessories = [] })
            .ShouldBe(
                """
                  1. start accessories db
                  2. connect db to both slots
                  3. start green with 1.4.2           undo: drain green (at most 30 s), remove green

                """
            );
    }

    [Test]
    public void An_accessory_that_somebody_made_anew_is_connected_to_the_slots()
    {
        var now = Host.Serving(Given.Shop, "1.4.1", Slot.Blue);
        Preparation(
                Given.Shop,
                now with
                {
                    Accessories = [now.Accessories[0] with { Networks = ["shop_default", "zz.shop.blue"] }],
                }
            )
            .ShouldBe(
                """
                  1. connect db to both slots
                  2. start green with 1.4.2           undo: drain green (at most 30 s), remove green

                """
            );
    }

    [Test]
    public void A_stopped_edge_is_started()
    {
        var now = Host.Serving(Given.Shop, "1.4.1", Slot.Blue);
        Preparation(Given.Shop, now with { Share = null, Edge = now.Edge with { IsRunning = false } })
            .ShouldBe(
                """
                  1. start the stopped edge
                  2. start green with 1.4.2           undo: drain green (at most 30 s), remove green

                """
            );
    }

    [Test]
    public void A_route_on_an_open_port_only_needs_a_reload()
    {
        var app = Given.App(Given.ShopModel.Replace("\"target\": 8000", "\"target\": 9000", StringComparison.Ordinal));
        Preparation(app, Host.Serving(Given.Shop, "1.4.1", Slot.Blue))
            .ShouldBe(
                """
                  1. reload edge with new routes (no connection is closed)
                  2. start green with 1.4.2           undo: drain green (at most 30 s), remove green

                """
            );
        EdgePlan
            .For(app, Host.Serving(Given.Shop, "1.4.1", Slot.Blue), Slot.Green)
            .Text.ShouldContain("use_backend blue-api-8000 if !green\n    use_backend green-api-9000 if green");
    }

    [Test]
    public void A_port_that_is_not_published_yet_is_with_the_cutover_and_the_old_one_stays_for_a_way_back()
    {
        var app = Given.App(Given.ShopModel.Replace("\"8000\"", "\"8080\"", StringComparison.Ordinal));
        var text = Deploy(app, Host.Serving(Given.Shop, "1.4.1", Slot.Blue), "1.4.2");
        text.ShouldContain("  1. reload edge with new routes (no connection is closed)\n");
        text.ShouldMatch(
            @"cut over: all traffic to green .*\n +5\. publish 8080 +undo: no longer publish 8080\n +6\. commit"
        );
        text.ShouldNotContain("no longer publish 8000");
    }

    [Test]
    public void Keep_warm_leaves_the_previous_release_running_and_undrained()
    {
        var plan = DeployPlanner.Deploy(
            Given.Shop,
            Host.Serving(Given.Shop, "1.4.1", Slot.Blue),
            Given.Release(Given.Shop, "1.4.2"),
            Options with
            {
                KeepWarm = true,
            }
        );
        plan.Steps.Select(step => step.Action.Describe())
            .ShouldBe([
                "start green with 1.4.2",
                "gate: api in green healthy (in 2 min)",
                "cut over: all traffic to green",
                "commit 1.4.2 on green",
                "watch green until it has been up 2.5 s and is healthy",
            ]);
        DeployPlanner
            .Retire(Host.Serving(Given.Shop, "1.4.2", Slot.Green).Holding(Given.Shop, Slot.Blue, "1.4.1"), Options)
            .Select(step => step.Action.Describe())
            .ShouldBe(["drain blue (at most 30 s)", "stop blue (its containers stay)"]);
        DeployPlanner.Retire(Host.Serving(Given.Shop, "1.4.2", Slot.Green), Options).ShouldBeEmpty();
    }

    [Test]
    public void The_same_release_again_is_a_deploy_like_any_other_and_says_so()
    {
        var text = Deploy(Given.Shop, Host.Serving(Given.Shop, "1.4.2", Slot.Blue), "1.4.2");
        text.ShouldStartWith("deploy shop: 1.4.2 -> 1.4.2\n");
        text.ShouldContain("1. start green with 1.4.2");
        text.ShouldEndWith("note: 1.4.2 is what users have already; it is deployed again with the same images\n");
    }

    [Test]
    public void Images_beyond_the_kept_releases_go_last_of_all()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Green)
            .Committed(Given.Shop, "2", Slot.Blue)
            .Committed(Given.Shop, "3", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "3");
        Deploy(Given.Shop, now, "4", Options with { KeepReleases = 2 })
            .ShouldEndWith(
                """
                retire (past the point of no return; a failure is a warning)
                  7. stop green (its containers stay)
                  8. remove images team/api:1 (keeping 2 releases)

                """
            );
    }

    [Test]
    public void The_warnings_of_the_application_are_notes_of_its_plan() =>
        Deploy(Given.Shop with { Warnings = ["api mounts a file"] }, Snapshot.Empty("shop"), "1")
            .ShouldEndWith("\nnote: api mounts a file\n");

    private static string Deploy(Application app, Snapshot now, string tag, DeployOptions? options = null) =>
        DeployPlanner.Deploy(app, now, Given.Release(app, tag), options ?? Options).ToText();

    /// <summary>The plan's steps up to the gate.</summary>
    private static string Preparation(Application app, Snapshot now)
    {
        var lines = Deploy(app, now, "1.4.2").Split('\n');
        return string.Concat(
            lines
                .Skip(2)
                .TakeWhile(line => !line.Contains("gate:", StringComparison.Ordinal))
                .Select(line => line + "\n")
        );
    }
}
