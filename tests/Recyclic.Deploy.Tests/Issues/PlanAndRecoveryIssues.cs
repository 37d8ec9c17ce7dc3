using Recyclic.Deploy.Tests.Planning;
using Recyclic.Deploy.Tests.Running;

namespace Recyclic.Deploy.Tests.Issues;

internal sealed class PlanAndRecoveryIssues
{
    private static readonly DeployOptions Options = new();

    [Test]
    public void D03_A_committed_rollback_that_does_not_work_goes_back_to_the_release_it_left()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "2")
            .Begun(Given.Shop, "1", Slot.Blue, "drain green", Operation.Rollback)
            .ThenCommitted(Given.Shop, "1", Slot.Blue)
            .Holding(Given.Shop, Slot.Blue, "1", health: "unhealthy");
        RecoveryPlanner
            .Plan(now, Options)!
            .Steps.Select(step => step.Describe())
            .ShouldBe([
                "cut over: all traffic to green",
                "commit 2 on green",
                "drain blue (at most 30 s)",
                "stop blue (its containers stay)",
            ]);
    }

    [Test]
    public void D10_A_rollback_that_is_undone_drains_the_slot_that_users_were_on_before_it_stops_it()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Given.Shop, "2", Slot.Green)
            .Holding(Given.Shop, Slot.Green, "2")
            .Holding(Given.Shop, Slot.Blue, "1", "exited");
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, Options)
            .Steps[0]
            .Undo.Select(undo => undo.Describe())
            .ShouldBe(["drain blue (at most 30 s)", "stop blue (its containers stay)"]);
    }

    [Test]
    public void D11_An_exclusive_service_that_only_the_warm_release_has_stops_again_when_the_rollback_is_undone()
    {
        var now = Host.Serving(Given.Store, "1", Slot.Blue)
            .Committed(Given.Store, "2", Slot.Green)
            .Holding(Given.Store, Slot.Blue, "1")
            .Holding(Given.Store, Slot.Green, "2");
        now = now.With(Slot.Green, [.. now.Green.Containers.Where(container => container.Service != "bot")]);
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, Options)
            .Steps.Single(step => step.Action is HandOver)
            .Undo.ShouldNotBeEmpty();
    }

    [Test]
    public void A_commit_on_a_slot_that_is_empty_moves_nobody_there()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue).Committed(Given.Shop, "2", Slot.Green);
        RecoveryPlanner
            .Plan(now, Options)!
            .Steps.Select(step => step.Describe())
            .ShouldBe(["cut over: all traffic to blue", "commit 1 on blue"]);
    }

    [Test]
    public void D16_The_record_after_a_line_cut_short_stands()
    {
        var record = new JournalRecord(Given.Noon, "1", JournalKind.End) { Outcome = Outcome.Interrupted };
        Journal.Parse([record.ToJson()[..20] + record.ToJson()]).Records.ShouldBe([record]);
    }

    [Test]
    public void D18_A_warm_release_with_open_sessions_is_drained_before_its_slot_is_cleared()
    {
        var now = Host.Serving(Given.Shop, "2", Slot.Green).Holding(Given.Shop, Slot.Blue, "1");
        DeployPlanner
            .Deploy(Given.Shop, now, Given.Release(Given.Shop, "3"), Options)
            .Steps.Take(3)
            .Select(step => step.Action.Describe())
            .ShouldBe(["drain blue (at most 30 s)", "stop blue (its containers stay)", "clear blue (held 1)"]);
    }

    [Test]
    public void D09_An_event_from_before_a_containers_start_says_nothing_about_it()
    {
        var gate = HealthGate.Over([Given.Container("bot", health: "healthy")], Given.Noon);
        gate.After(HealthGateTests.Event("bot", ContainerEventKind.Died, at: Given.Noon.AddMilliseconds(-200)))
            .Failed.ShouldBeNull();
    }

    [Test]
    public void D22_A_tcp_route_cannot_ask_for_a_host_or_a_path() =>
        Should.Throw<ConfigurationException>(() =>
            Given.App(
                """
                { "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                    "x-recyclic": { "mode": "tcp", "host": "a.example" }, "ports": [{ "target": 1, "published": "1" }] } } }
                """
            )
        );

    [Test]
    public void D23_Settings_that_are_no_map_are_refused() =>
        Should.Throw<ConfigurationException>(() =>
            Given.App(
                """
                { "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "x-recyclic": ["overlap"] } } }
                """
            )
        );

    [Test]
    public void D23_Settings_of_an_accessory_are_refused_because_they_would_do_nothing() =>
        Should.Throw<ConfigurationException>(() =>
            Given.App(
                """
                { "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": { "test": ["CMD", "true"] } }, "bot": { "image": "bot:1", "x-recyclic": { "overlap": false } } } }
                """
            )
        );
}
