using Recyclic.Build.Planning;

namespace Recyclic.Build.Tests;

public class PlannerTests
{
    private readonly Dictionary<string, TargetNode> _nodes = [];

    private string A => Node("A");
    private string B => Node("B");
    private string C => Node("C");
    private string D => Node("D");

    [SetUp]
    public void SetUp()
    {
        _nodes.Clear();
        string[] all = [A, B, C, D];
        all.Length.ShouldBe(4);
    }

    [Test]
    public void Independent_targets_run_in_the_order_asked_for() => Order(C, A, B).ShouldBe("C A B");

    [Test]
    public void A_dependency_runs_first()
    {
        DependsOn(A, B);
        Order(A).ShouldBe("B A");
        Order(A, B).ShouldBe("B A");
    }

    [Test]
    public void A_shared_dependency_runs_once()
    {
        DependsOn(B, A);
        DependsOn(C, A);
        DependsOn(D, B);
        DependsOn(D, C);
        Order(D).ShouldBe("A B C D");
        Order(C, B).ShouldBe("A C B");
    }

    [Test]
    public void An_order_edge_sorts_but_does_not_add()
    {
        After(A, B);
        Order(A).ShouldBe("A");
        Order(A, B).ShouldBe("B A");
    }

    [Test]
    public void An_order_edge_holds_a_dependency_back_too()
    {
        DependsOn(A, B);
        After(B, C);
        Order(A, C).ShouldBe("C B A");
    }

    [Test]
    public void A_triggered_target_is_added_and_runs_after()
    {
        Triggers(A, C);
        DependsOn(C, B);
        Order(A).ShouldBe("A B C");
        Order(C, A).ShouldBe("B A C");
    }

    [Test]
    public void Triggers_trigger_further_ones()
    {
        Triggers(A, B);
        Triggers(B, C);
        Order(A).ShouldBe("A B C");
    }

    [Test]
    public void A_cycle_is_named_with_its_path()
    {
        DependsOn(A, B);
        DependsOn(B, C);
        DependsOn(C, B);
        Should
            .Throw<CircularDependencyException>(() => Order(A))
            .Message.ShouldBe("circular dependencies between targets: B -> C -> B");
    }

    [Test]
    public void A_cycle_may_be_made_of_different_edges()
    {
        DependsOn(A, B);
        After(B, A);
        Should.Throw<CircularDependencyException>(() => Order(A)).Cycle.ShouldBe(["A", "B", "A"]);
    }

    [Test]
    public void A_cycle_outside_the_plan_does_no_harm()
    {
        DependsOn(B, C);
        DependsOn(C, B);
        Order(A).ShouldBe("A");
    }

    [Test]
    public void A_target_that_waits_for_itself_is_a_cycle()
    {
        DependsOn(A, A);
        Should.Throw<CircularDependencyException>(() => Order(A)).Message.ShouldEndWith("A -> A");
    }

    [Test]
    public void Every_cycle_is_named()
    {
        DependsOn(A, B);
        DependsOn(B, A);
        DependsOn(C, D);
        After(D, C);
        var cycles = Should.Throw<CircularDependencyException>(() => Order(A, C)).Cycles;
        cycles.Select(cycle => string.Join(" -> ", cycle)).ShouldBe(["C -> D -> C", "A -> B -> A"], ignoreOrder: true);
    }

    [Test]
    public void Targets_that_trigger_each_other_are_a_cycle()
    {
        Triggers(A, B);
        Triggers(B, A);
        Should
            .Throw<CircularDependencyException>(() => Order(A))
            .Message.ShouldBe("circular dependencies between targets: B -> A -> B");
    }

    [Test]
    public void A_target_that_triggers_itself_is_a_cycle()
    {
        Triggers(A, A);
        Should.Throw<CircularDependencyException>(() => Order(A)).Message.ShouldEndWith("A -> A");
    }

    [Test]
    public void A_dependency_that_a_skipped_target_keeps_is_not_skipped_for_another()
    {
        DependsOn(C, A);
        DependsOn(B, A);
        DependsOn(D, B);
        DependsOn(D, C);
        _nodes["B"] = _nodes["B"] with { WhenSkipped = DependencyBehavior.Execute };
        Skipped("D", ["B", "C"]).ShouldBe(["B: via parameter", "C: via parameter"]);
    }

    [Test]
    public void Skipping_a_target_keeps_what_another_triggers()
    {
        DependsOn(B, A);
        Triggers(C, A);
        DependsOn(D, B);
        DependsOn(D, C);
        Skipped("D", ["B"]).ShouldBe(["B: via parameter"]);
    }

    [Test]
    public void Skipping_a_target_skips_what_only_it_needs()
    {
        DependsOn(B, A);
        DependsOn(D, B);
        DependsOn(D, C);
        Skipped("D", ["B"]).ShouldBe(["B: via parameter", "A: because of B"]);
    }

    [Test]
    public void Skipping_a_target_keeps_what_another_needs()
    {
        DependsOn(B, A);
        DependsOn(D, B);
        DependsOn(D, A);
        Skipped("D", ["B"]).ShouldBe(["B: via parameter"]);
    }

    [Test]
    public void Skip_alone_leaves_only_what_was_asked_for()
    {
        DependsOn(B, A);
        DependsOn(D, B);
        Skipped("D", []).ShouldBe(["A: via parameter", "B: via parameter"], ignoreOrder: true);
    }

    [Test]
    public void A_target_asked_for_is_never_skipped_by_parameter() => Skipped("D", ["D"]).ShouldBeEmpty();

    [Test]
    public void A_target_may_keep_its_dependencies_when_skipped()
    {
        DependsOn(D, B);
        DependsOn(B, A);
        _nodes["B"] = _nodes["B"] with { WhenSkipped = DependencyBehavior.Execute };
        Skipped("D", ["B"]).ShouldBe(["B: via parameter"]);
    }

    private string[] Skipped(string invoked, string[] viaParameter)
    {
        var order = Planner.Order(_nodes.Values, [invoked]).Select(name => _nodes[name]).ToArray();
        return
        [
            .. SkipRules
                .Reasons(order, [invoked], viaParameter, new Dictionary<string, string>())
                .Select(r => $"{r.Key}: {r.Value}"),
        ];
    }

    private string Order(params string[] invoked) => string.Join(' ', Planner.Order(_nodes.Values, invoked));

    private void DependsOn(string from, string to) =>
        _nodes[from] = _nodes[from] with { DependsOn = [.. _nodes[from].DependsOn, to] };

    private void After(string from, string to) =>
        _nodes[from] = _nodes[from] with { After = [.. _nodes[from].After, to] };

    private void Triggers(string from, string to) =>
        _nodes[from] = _nodes[from] with { Triggers = [.. _nodes[from].Triggers, to] };

    private string Node(string name)
    {
        _nodes.TryAdd(name, new(name));
        return name;
    }
}
