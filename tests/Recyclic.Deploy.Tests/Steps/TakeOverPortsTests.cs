namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class TakeOverPortsTests
{
    private static readonly PortGate Web = new(null, 4444);

    [Test]
    public async Task The_ports_are_the_edges_and_given_back_they_are_the_containers()
    {
        await using var rig = new StepRig();
        rig.Cluster.RunUnderCompose(Given.Store);
        var web = AdoptedContainer.Of(rig.Cluster.Accessories.Single(container => container.Service == "web"));
        web.Ports.ShouldBe(["4444"]);
        var step = new TakeOverPorts([Web], [web], Slot.Blue);
        step.Describe().ShouldBe("take over 4444 from store-web-1 (at most 1 s without service)");
        await rig.StartAsync(Slot.Blue);
        await rig.RunAsync(step);
        rig.Cluster.Gates.ShouldHaveSingleItem().IsRunning.ShouldBeTrue();
        rig.Cluster.Accessories.Single(container => container.Service == "web").Restart.ShouldBe("no");
        rig.Reporter.Lines.ShouldContain(line => line.Contains("0.40 s at most", StringComparison.Ordinal));
        var undo = step.Undo(StepRig.Nothing, StepRig.Options);
        undo.Select(each => each.Describe())
            .ShouldBe(["no longer publish 4444", "start store-web-1 of plain compose again"]);
        await rig.RunAsync([.. undo]);
        rig.Cluster.Gates.ShouldBeEmpty();
        rig.Cluster.Accessories.Single(container => container.Service == "web").IsRunning.ShouldBeTrue();
    }
}
