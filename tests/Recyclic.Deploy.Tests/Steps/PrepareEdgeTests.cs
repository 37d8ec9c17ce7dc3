namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class PrepareEdgeTests
{
    private static readonly EdgeConfiguration Configuration = EdgeConfiguration.For(
        "store",
        Given.Store.Routes,
        Given.Store.Routes
    );

    [TestCase(EdgeChange.Create, "start edge")]
    [TestCase(EdgeChange.Replace, "replace edge by one of this version (no connection is closed)")]
    [TestCase(EdgeChange.Start, "start the stopped edge")]
    [TestCase(EdgeChange.Settle, "let go of edges that were replaced")]
    [TestCase(EdgeChange.Reload, "reload edge with new routes (no connection is closed)")]
    public void It_says_what_happens_to_the_edge(EdgeChange change, string sentence) =>
        new PrepareEdge(change, Configuration).Describe().ShouldBe(sentence);

    [Test]
    public void The_first_deploy_removes_the_edge_again([Values] EdgeChange change) =>
        new PrepareEdge(change, Configuration).Undo(StepRig.Nothing, StepRig.Options).ShouldBe([new RemoveEdge()]);

    [Test]
    public void A_later_deploy_leaves_it_as_it_is_then([Values] EdgeChange change) =>
        new PrepareEdge(change, Configuration).Undo(StepRig.BlueServes, StepRig.Options).ShouldBeEmpty();

    [Test]
    public async Task The_configuration_is_in_place_before_the_edge_starts()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new ConnectNetworks([]), new PrepareEdge(EdgeChange.Create, Configuration));
        rig.Cluster.Edge.IsRunning.ShouldBeTrue();
        rig.Cluster.Changes.IndexOf("configure").ShouldBeInRange(0, rig.Cluster.Changes.IndexOf("start edge") - 1);
    }

    [Test]
    public async Task One_that_is_replaced_is_there_until_the_other_one_answers()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        var before = rig.Cluster.Edge.Id;
        rig.Cluster.Changes.Clear();
        await rig.RunAsync(new PrepareEdge(EdgeChange.Replace, Configuration));
        rig.Cluster.Edge.ShouldSatisfyAllConditions(
            edge => edge.IsRunning.ShouldBeTrue(),
            edge => edge.Id.ShouldNotBe(before)
        );
        rig.Cluster.ReplacedEdges.ShouldBeEmpty();
        rig.Cluster.Changes.IndexOf("start edge").ShouldBeLessThan(rig.Cluster.Changes.IndexOf("retire edges"));
    }

    [Test]
    public async Task One_that_does_not_answer_gives_its_place_back()
    {
        await using var rig = new StepRig();
        await rig.StartAsync(Slot.Blue);
        var before = rig.Cluster.Edge;
        rig.Cluster.NewEdgesFail = true;
        await Should.ThrowAsync<StepFailedException>(() =>
            rig.RunAsync(new PrepareEdge(EdgeChange.Replace, Configuration))
        );
        rig.Cluster.Edge.ShouldBe(before);
        rig.Cluster.ReplacedEdges.ShouldBeEmpty();
        rig.Cluster.Share.ShouldNotBeNull();
    }

    [Test]
    public async Task New_routes_come_by_a_reload()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new ConnectNetworks([]), new PrepareEdge(EdgeChange.Create, Configuration));
        rig.Cluster.Changes.Clear();
        await rig.RunAsync(new PrepareEdge(EdgeChange.Reload, Configuration));
        rig.Cluster.Changes.ShouldContain("reload");
        rig.Cluster.Changes.ShouldNotContain("start edge");
    }
}
