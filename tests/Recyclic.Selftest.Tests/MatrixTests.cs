namespace Recyclic.Selftest.Tests;

public sealed class MatrixTests
{
    private static readonly ImmutableArray<JournalRecord> Written =
    [
        Record(JournalKind.Begin),
        Record(JournalKind.StepBegun, 9, "run migrate once in green, before front (in 10 min)"),
        Record(JournalKind.StepEnded, 9),
        Record(JournalKind.StepBegun, 1, "gate: api in green healthy (in 30 s)"),
        Record(JournalKind.StepEnded, 1),
        Record(JournalKind.StepBegun, 2, "hand over worker: stop in blue, start in green, healthy (in 30 s)"),
        Record(JournalKind.StepEnded, 2),
        Record(JournalKind.StepBegun, 3, "cut over: all traffic to green"),
        Record(JournalKind.StepEnded, 3),
        Record(JournalKind.StepBegun, 4, "commit two on green"),
        Record(JournalKind.Commit),
        Record(JournalKind.StepEnded, 4),
        Record(JournalKind.UndoBegun, null, "remove green"),
        Record(JournalKind.End),
    ];

    [Test]
    public void A_scenario_has_two_points_a_record_and_each_says_what_happens_there()
    {
        var points = Matrix.PointsOf(Scenario.Upgrade, Written);
        points.Length.ShouldBe(2 * Written.Length);
        points
            .Select(point => $"{point.Point} {point.Text}")
            .ShouldContain("before:StepEnded:4 cut over: all traffic to green");
        points.Select(point => $"{point.Point} {point.Text}").ShouldContain("after:Commit:1 commit");
    }

    [TestCaseSource(nameof(Scenarios))]
    public void Every_point_of_every_scenario_is_killed_interrupted_frozen_and_failed(string name)
    {
        var scenario = Enum.Parse<Scenario>(name);
        var points = Matrix.PointsOf(scenario, Written);
        var cases = Matrix.Of(points, Selection.All);
        foreach (var fault in new[] { CaseFault.Kill, CaseFault.Interrupt, CaseFault.FreezeLong, CaseFault.Fail })
            cases.Where(one => one.Fault == fault).Select(one => one.At).ShouldBe(points);
        cases.Distinct().Count().ShouldBe(cases.Length);
    }

    [Test]
    public void The_rarer_faults_strike_an_upgrade_and_a_named_fault_strikes_wherever_it_is_asked_for()
    {
        var upgrade = Matrix.PointsOf(Scenario.Upgrade, Written);
        Matrix
            .Of(upgrade, Selection.All)
            .Select(one => one.Fault)
            .Distinct()
            .ShouldBe(Enum.GetValues<CaseFault>(), ignoreOrder: true);
        var rollback = Matrix.PointsOf(Scenario.RollbackWarm, Written);
        Matrix.Of(rollback, Selection.All).ShouldNotContain(one => one.Fault == CaseFault.Taken);
        Matrix.Of(rollback, Selection.All with { Faults = [CaseFault.Taken] }).Length.ShouldBe(rollback.Length);
    }

    [Test]
    public void The_quick_selection_is_eighteen_cases_that_the_matrix_has_too()
    {
        var points = Enum.GetValues<Scenario>().SelectMany(scenario => Matrix.PointsOf(scenario, Written)).ToList();
        var quick = Matrix.Of(points, Selection.All with { Quick = true });
        quick.Length.ShouldBe(18);
        quick.Except(Matrix.Of(points, Selection.All)).ShouldBeEmpty();
        quick
            .Select(one => one.Scenario)
            .Distinct()
            .ShouldBe(Matrix.Scenarios(Selection.All with { Quick = true }), ignoreOrder: true);
    }

    [Test]
    public void A_sample_is_drawn_from_the_whole_matrix_and_the_same_seed_draws_it_again()
    {
        var points = Enum.GetValues<Scenario>().SelectMany(scenario => Matrix.PointsOf(scenario, Written)).ToList();
        var all = Matrix.Of(points, Selection.All);
        var drawn = Matrix.Of(points, Selection.All with { Sample = new Sample(150, 7) });
        drawn.Length.ShouldBe(150);
        drawn.ShouldBe(all.Where(drawn.Contains));
        drawn.Select(one => one.Scenario).Distinct().ShouldBe(Enum.GetValues<Scenario>(), ignoreOrder: true);
        drawn.Select(one => one.Fault).Distinct().ShouldBe(Enum.GetValues<CaseFault>(), ignoreOrder: true);
        Matrix.Of(points, Selection.All with { Sample = new Sample(150, 7) }).ShouldBe(drawn);
        Matrix.Of(points, Selection.All with { Sample = new Sample(150, 8) }).ShouldNotBe(drawn);
        Matrix.Of(points, Selection.All with { Sample = new Sample(all.Length + 1, 7) }).ShouldBe(all);
    }

    [Test]
    public void A_case_says_how_it_is_run_alone_and_that_selects_it_and_nothing_else()
    {
        var points = Enum.GetValues<Scenario>().SelectMany(scenario => Matrix.PointsOf(scenario, Written)).ToList();
        foreach (var one in Matrix.Of(points, Selection.All))
        {
            var words = one.Rerun.Split(' ');
            var selection = Selection.Parse([words[3]], [words[5]], [words[7]], quick: false);
            Matrix.Of(points, selection).ShouldBe([one]);
        }
    }

    [Test]
    public void The_two_sides_of_a_record_are_followed_by_different_commands()
    {
        var cases = Matrix.Of(
            Matrix.PointsOf(Scenario.Upgrade, Written),
            Selection.All with
            {
                Faults = [CaseFault.Kill],
            }
        );
        cases.Where(one => one.Point.Moment == FaultMoment.Before).ShouldAllBe(one => one.Next == NextCommand.Deploy);
        cases.Where(one => one.Point.Moment == FaultMoment.After).ShouldAllBe(one => one.Next == NextCommand.Rollback);
        Matrix
            .Of(Matrix.PointsOf(Scenario.First, Written), Selection.All)
            .ShouldAllBe(one => one.Next == NextCommand.Deploy);
    }

    [Test]
    public void Several_names_may_stand_in_one_text() =>
        Selection
            .Parse(
                ["upgrade,rollback-warm", "first"],
                ["interrupt-twice"],
                ["before:Commit:1, after:End:1"],
                quick: true
            )
            .ShouldSatisfyAllConditions(
                selection => selection.Scenarios.ShouldBe([Scenario.Upgrade, Scenario.RollbackWarm, Scenario.First]),
                selection => selection.Faults.ShouldBe([CaseFault.InterruptTwice]),
                selection => selection.Points.Select(point => $"{point}").ShouldBe(["before:Commit:1", "after:End:1"]),
                selection => selection.Quick.ShouldBeTrue()
            );

    [Test]
    public void Unknown_names_are_refused_all_at_once_with_those_that_there_are()
    {
        var problems = Should
            .Throw<ConfigurationException>(() =>
                Selection.Parse(["downgrade"], ["Kill"], ["before:Commit"], quick: false)
            )
            .Problems;
        problems.Select(problem => problem.Place).ShouldBe(["--scenarios", "--faults", "--points"]);
        problems[0].Mend.ShouldContain("rollback-stopped");
        problems[1].Mend.ShouldContain("interrupt-twice");
        problems[2].Mend.ShouldContain("before:Commit:1");
    }

    [Test]
    public void Every_fault_can_be_told_to_a_deployer()
    {
        foreach (var fault in Enum.GetValues<CaseFault>())
            Fault
                .Parse($"{fault.At(FaultPoint.TryParse("before:Commit:1")!)}")
                .ShouldBe(fault.At(FaultPoint.TryParse("before:Commit:1")!));
    }

    private static string[] Scenarios() => Enum.GetNames<Scenario>();

    private static JournalRecord Record(JournalKind kind, int? number = null, string? step = null) =>
        new(DateTimeOffset.UnixEpoch, "deploy", kind) { Number = number, Step = step };
}
