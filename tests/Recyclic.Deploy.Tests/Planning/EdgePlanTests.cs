namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What becomes of the edge and of the gates, in deploys, ways back and recoveries.</summary>
internal sealed class EdgePlanTests
{
    private static readonly DeployOptions Options = new();

    /// <summary>The same at 127.0.0.1 alone.</summary>
    private static readonly Application Narrow = Given.App(
        Given.ShopModel.Replace(
            "\"published\": \"8000\"",
            "\"published\": \"8000\", \"host_ip\": \"127.0.0.1\"",
            StringComparison.Ordinal
        )
    );

    [Test]
    public void An_edge_of_another_image_is_replaced_and_no_port_of_it_is_touched()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        Steps(Given.Shop, now with { Edge = now.Edge with { IsOutdated = true } })
            .ShouldBe(["replace edge by one of this version (no connection is closed)", "start green with 2"]);
    }

    [Test]
    public void An_edge_of_a_version_without_gates_is_replaced_with_a_gap_that_is_named()
    {
        var plan = Plan(Given.Shop, Old());
        plan.Steps.Take(3)
            .Select(step => step.Action.Describe())
            .ShouldBe([
                "replace edge by one of this version (no connection is closed)",
                "publish 8000 by gates, no longer by the edge (about a second without service)",
                "start green with 2",
            ]);
        plan.Steps.Take(2).ShouldAllBe(step => step.Undo.IsEmpty, "an upgrade stays");
        plan.ToText()
            .ShouldContain("prepare (no user sees it, but for the gap that is named; a failure undoes the rest)");
        plan.Steps.Select(step => step.Action).OfType<OpenGates>().Count().ShouldBe(1);
    }

    [Test]
    public void A_port_that_is_narrowed_over_an_old_edge_has_its_gate_exchanged_like_any_other()
    {
        var plan = Plan(Narrow, Old());
        plan.Steps.Select(step => step.Action)
            .OfType<OpenGates>()
            .Select(step => step.Describe())
            .ShouldBe([
                "publish 8000 by gates, no longer by the edge (about a second without service)",
                "publish 127.0.0.1:8000 instead of 8000 (about a second without service there)",
            ]);
    }

    [Test]
    public void What_a_replaced_edge_left_is_seen_to_by_the_next_deploy()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        Steps(Given.Shop, now with { ReplacedEdges = [now.Blue.Containers[0]] })
            .ShouldBe(["let go of edges that were replaced", "start green with 2"]);
    }

    [Test]
    public void A_narrowed_port_is_exchanged_after_the_cutover_and_nothing_is_closed_besides()
    {
        var plan = Plan(Narrow, Host.Serving(Given.Shop, "1", Slot.Blue));
        var step = plan.Steps.Single(step => step.Action is OpenGates);
        step.Phase.ShouldBe(Phase.Shift);
        step.Undo.ShouldHaveSingleItem()
            .Describe()
            .ShouldBe("publish 8000 instead of 127.0.0.1:8000 (about a second without service there)");
        plan.Steps.ShouldNotContain(other => other.Action is CloseGates);
    }

    [Test]
    public void A_way_back_publishes_what_its_release_had()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Committed(Narrow, "2", Slot.Green)
            .Holding(Narrow, Slot.Green, "2")
            .WithShare(100) with
        {
            Gates = [.. PortGate.Of(Narrow.Routes).Select(Host.Open)],
        };
        RollbackPlanner
            .Plan(now, now.Journal.Previous!, Options)
            .Steps.Select(step => step.Action)
            .OfType<OpenGates>()
            .ShouldHaveSingleItem()
            .Describe()
            .ShouldBe("publish 8000 instead of 127.0.0.1:8000 (about a second without service there)");
    }

    [Test]
    public void A_gate_that_does_not_run_is_opened_before_anything_else()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        RecoveryPlanner.Plan(now, Options).ShouldBeNull();
        var plan = RecoveryPlanner.Plan(now with { Gates = [now.Gates[0] with { IsRunning = false }] }, Options)!;
        plan.Steps.Select(step => step.Describe()).ShouldBe(["publish 8000"]);
        plan.Story.ShouldContain("nobody answers on 8000");
        RecoveryPlanner.Plan(Old(), Options).ShouldBeNull("an edge of an earlier version publishes it itself");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_deploy_that_died_while_it_exchanged_gates_gets_those_of_what_users_have(bool isCommitted)
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue)
            .Begun(Narrow, "2", Slot.Green, "publish 127.0.0.1:8000 instead of 8000")
            .Holding(Narrow, Slot.Green, "2")
            .WithShare(isCommitted ? 100 : 0);
        now = now with
        {
            Gates =
            [
                now.Gates[0] with
                {
                    IsRunning = false,
                },
                Host.Open(PortGate.Of(Narrow.Routes)[0]) with
                {
                    IsRunning = false,
                },
            ],
        };
        if (isCommitted)
            now = now.ThenCommitted(Narrow, "2", Slot.Green);
        var gates = RecoveryPlanner.Plan(now, Options)!.Steps.OfType<OpenGates>().ShouldHaveSingleItem();
        gates.Gates.Select(gate => gate.ToString()).ShouldBe([isCommitted ? "127.0.0.1:8000" : "8000"]);
        gates.Instead.Select(gate => gate.ToString()).ShouldBe([isCommitted ? "8000" : "127.0.0.1:8000"]);
    }

    [Test]
    public void Status_knows_which_ports_are_closed()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        now.Closed.ShouldBeEmpty();
        now.Published.ShouldBe(["8000"]);
        (now with { Gates = [] }).Closed.Select(gate => gate.ToString()).ShouldBe(["8000"]);
        Old().Closed.ShouldBeEmpty();
        Old().Published.ShouldBe(["8000"]);
    }

    /// <summary>Release 1 serves by an edge of a version without gates.</summary>
    [Test]
    public void An_upgrade_replaces_an_edge_of_another_image_and_nothing_else()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        EdgePlan.Upgrade(now).ShouldBeEmpty();
        EdgePlan
            .Upgrade(now with { Edge = now.Edge with { IsOutdated = true } })
            .ShouldHaveSingleItem()
            .ShouldBeOfType<PrepareEdge>()
            .ShouldSatisfyAllConditions(
                step => step.Change.ShouldBe(EdgeChange.Replace),
                step => step.Configuration.Hash.ShouldBe(PrepareEdge.AsItIs(now).Hash)
            );
        EdgePlan
            .Upgrade(now with { Edge = now.Edge with { IsOutdated = true, IsRunning = false } })
            .ShouldBeEmpty("a stopped one is for a recovery to start");
    }

    [Test]
    public void An_upgrade_takes_the_ports_from_an_edge_of_a_version_without_gates() =>
        EdgePlan
            .Upgrade(Old())
            .Select(step => step.Describe())
            .ShouldBe([
                "replace edge by one of this version (no connection is closed)",
                "publish 8000 by gates, no longer by the edge (about a second without service)",
            ]);

    private static Snapshot Old()
    {
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        return now with { Gates = [], Edge = now.Edge with { Ports = ["8000"], IsOutdated = true } };
    }

    private static DeployPlan Plan(Application app, Snapshot now) =>
        DeployPlanner.Deploy(app, now, Given.Release(app, "2"), Options);

    private static IEnumerable<string> Steps(Application app, Snapshot now) =>
        Plan(app, now)
            .Steps.Select(step => step.Action.Describe())
            .TakeWhile(step => !step.StartsWith("gate:", StringComparison.Ordinal));
}
