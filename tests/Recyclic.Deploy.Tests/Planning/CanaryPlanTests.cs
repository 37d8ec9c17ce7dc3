namespace Recyclic.Deploy.Tests.Planning;

/// <summary>Where the shares of a canary come in a plan, and how one goes on whose deployer died.</summary>
internal sealed class CanaryPlanTests
{
    private static readonly DeployOptions Options = new()
    {
        Canary = new CanaryTerms([5, 50, 100], TimeSpan.FromMinutes(5)),
    };

    private static readonly Snapshot Serving = Host.Serving(Given.Store, "1", Slot.Blue);

    [Test]
    public void Each_share_is_judged_before_the_next_and_all_of_them_before_anything_is_handed_over() =>
        Plan()
            .Steps.Where(step => step.Phase == Phase.Shift)
            .Select(step => step.Action.Describe().Split(':')[0])
            .ShouldBe([
                "shift 5% of the visitors to green",
                "bake 5% on green for 5 min, judged beside blue",
                "shift 50% of the visitors to green",
                "bake 50% on green for 5 min, judged beside blue",
                "hand over bot",
                "cut over",
                "commit 2 on green",
            ]);

    [Test]
    public void A_canary_gives_the_edge_what_it_needs_and_a_deploy_without_one_does_not()
    {
        var configuration = Plan().Steps.Select(step => step.Action).OfType<PrepareEdge>().ShouldHaveSingleItem();
        configuration.Change.ShouldBe(EdgeChange.Reload);
        configuration.Configuration.Text.ShouldContain("acl canary ");
        DeployPlanner
            .Deploy(Given.Store, Serving, Given.Release(Given.Store, "2"), new DeployOptions())
            .Steps.ShouldNotContain(step => step.Action is PrepareEdge);
    }

    [Test]
    public void All_at_once_is_no_canary() =>
        DeployPlanner
            .Deploy(
                Given.Store,
                Serving,
                Given.Release(Given.Store, "2"),
                Options with
                {
                    Canary = new CanaryTerms([100], TimeSpan.FromMinutes(5)),
                }
            )
            .Steps.ShouldNotContain(step => step.Action is ShiftShare || step.Action is PrepareEdge);

    [Test]
    public void A_way_back_is_never_one() =>
        DeployPlanner
            .Deploy(Given.Store, Serving, Given.Release(Given.Store, "2"), Options, Operation.Rollback)
            .Steps.ShouldNotContain(step => step.Action is ShiftShare);

    [Test]
    public void On_it_goes_from_the_share_that_there_is() =>
        Recovery(Left(5), CanaryCourse.On)
            .Take(4)
            .ShouldBe([
                "bake 5% on green for 5 min, judged beside blue",
                "shift 50% of the visitors to green",
                "bake 50% on green for 5 min, judged beside blue",
                "hand over bot",
            ]);

    [Test]
    public void What_is_handed_over_already_is_not_made_to_run_twice()
    {
        var left = Left(50);
        left = left.With(Slot.Blue, [.. left.Blue.Containers.Select(Stopped)]);
        Recovery(left, CanaryCourse.On).First().ShouldBe("hand over bot");

        static Container Stopped(Container container) =>
            container.IsExclusive ? container with { State = "exited" } : container;
    }

    [TestCase(0)]
    [TestCase(100)]
    public void Without_a_part_of_the_users_there_is_nothing_to_go_on_with(int share) =>
        CanaryRecovery.Left(Left(share)).ShouldBeNull();

    [Test]
    public void Nor_where_the_release_does_not_work() =>
        CanaryRecovery
            .Left(Left(5).Holding(Given.Store, Slot.Green, "2", health: "unhealthy").WithShare(5))
            .ShouldBeNull();

    private static DeployPlan Plan() =>
        DeployPlanner.Deploy(Given.Store, Serving, Given.Release(Given.Store, "2"), Options);

    private static Snapshot Left(int share)
    {
        var begun = Serving
            .Begun(Given.Store, "2", Slot.Green, "bake 5%")
            .Holding(Given.Store, Slot.Green, "2")
            .WithShare(share);
        return begun with
        {
            Journal = new Journal([
                .. begun.Journal.Records.Select(record =>
                    record is { Kind: JournalKind.Begin, Deploy: "died" }
                        ? record with
                        {
                            Canary = Options.Canary,
                        }
                        : record
                ),
            ]),
        };
    }

    private static IEnumerable<string> Recovery(Snapshot now, CanaryCourse course) =>
        RecoveryPlanner.Plan(now, Options, course)!.Steps.Select(step => step.Describe().Split(':')[0]);
}
