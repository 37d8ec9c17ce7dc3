namespace Recyclic.Selftest.Tests;

public sealed class BaselineTests
{
    private static readonly StatusSeen Serving = new(
        "one",
        "blue",
        "stopped",
        EdgeHealthy: true,
        Locked: false,
        Interrupted: false
    );

    [Test]
    public void A_scenario_that_ends_with_a_deploy_starts_from_what_a_rollback_has_left()
    {
        // A rollback leaves the newer release stopped, and perhaps nothing that is earlier than the one it went to.
        var rolledBack = Serving with
        {
            PreviousState = null,
        };
        Baseline.Of(Scenario.Upgrade, NextCommand.Deploy).IsReachedBy(rolledBack, Idle("exited"), "app").ShouldBeTrue();
        Baseline
            .Of(Scenario.Upgrade, NextCommand.Rollback)
            .IsReachedBy(rolledBack, Idle("exited"), "app")
            .ShouldBeFalse();
        Baseline
            .Of(Scenario.RollbackStopped, NextCommand.Deploy)
            .IsReachedBy(rolledBack, Idle("exited"), "app")
            .ShouldBeFalse();
    }

    [Test]
    public void A_way_back_that_must_be_warm_runs_and_any_other_is_stopped()
    {
        var warm = Serving with { PreviousState = "warm" };
        Baseline.Of(Scenario.RollbackWarm, NextCommand.Deploy).IsReachedBy(warm, Idle("running"), "app").ShouldBeTrue();
        Baseline
            .Of(Scenario.RollbackWarm, NextCommand.Deploy)
            .IsReachedBy(Serving, Idle("exited"), "app")
            .ShouldBeFalse();
        Baseline.Of(Scenario.Upgrade, NextCommand.Rollback).IsReachedBy(warm, Idle("running"), "app").ShouldBeFalse();
        Baseline.Of(Scenario.Upgrade, NextCommand.Rollback).IsReachedBy(Serving, Idle("exited"), "app").ShouldBeTrue();
    }

    [Test]
    public void A_rollback_after_a_rollback_that_went_through_has_somewhere_to_go()
    {
        foreach (var scenario in new[] { Scenario.RollbackWarm, Scenario.RollbackStopped })
        {
            Baseline.Of(scenario, NextCommand.Rollback).Releases.ShouldBe(3);
            Baseline.Of(scenario, NextCommand.Deploy).Releases.ShouldBe(1);
        }
    }

    [Test]
    public void Nothing_starts_where_something_is_not_over()
    {
        foreach (var status in Unfit())
            Baseline
                .Of(Scenario.Upgrade, NextCommand.Deploy)
                .IsReachedBy(status, Idle("exited"), "app")
                .ShouldBeFalse($"{status}");
    }

    private static IEnumerable<StatusSeen?> Unfit() =>
        [
            null,
            Serving with
            {
                Tag = null,
            },
            Serving with
            {
                Tag = Versions.Sickens,
            },
            Serving with
            {
                Slot = null,
            },
            Serving with
            {
                EdgeHealthy = false,
            },
            Serving with
            {
                Locked = true,
            },
            Serving with
            {
                Interrupted = true,
            },
            Serving with
            {
                Slot = "green",
            },
        ];

    private static Inventory Idle(string state) => new([new("app--green-api-1", state)], [], []);
}
