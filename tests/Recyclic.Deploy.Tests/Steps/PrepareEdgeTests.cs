namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class PrepareEdgeTests
{
    private static readonly EdgeConfiguration Configuration = EdgeConfiguration.For(
        "store",
        Given.Store.Routes,
        Given.Store.Routes
    );

    [TestCase(EdgeChange.Create, "start edge on 4444, 8000")]
    [TestCase(EdgeChange.Replace, "replace edge to publish 4444, 8000 (about a second without service)")]
    [TestCase(EdgeChange.Start, "start the stopped edge on 4444, 8000")]
    [TestCase(EdgeChange.Reload, "reload edge with new routes (no connection is closed)")]
    public void It_says_what_happens_to_the_edge(EdgeChange change, string sentence) =>
        new PrepareEdge(change, Configuration).Describe().ShouldBe(sentence);

    [Test]
    public void The_first_deploy_removes_the_edge_again([Values] EdgeChange change) =>
        new PrepareEdge(change, Configuration).Undo(StepRig.Nothing, StepRig.Options).ShouldBe([new RemoveEdge()]);

    [Test]
    public void One_that_was_replaced_publishes_again_what_the_containers_ask_for()
    {
        var undo = new PrepareEdge(EdgeChange.Replace, Configuration)
            .Undo(StepRig.BlueServes, StepRig.Options)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<PrepareEdge>();
        undo.Change.ShouldBe(EdgeChange.Replace);
        undo.Configuration.Text.ShouldBe(EdgeConfiguration.For("store", Given.Store.Routes, []).Text);
    }

    [TestCase(EdgeChange.Create)]
    [TestCase(EdgeChange.Start)]
    [TestCase(EdgeChange.Reload)]
    public void A_later_deploy_leaves_any_other_change(EdgeChange change) =>
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
