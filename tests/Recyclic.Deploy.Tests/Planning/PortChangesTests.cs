namespace Recyclic.Deploy.Tests.Planning;

internal sealed class PortChangesTests
{
    [Test]
    public void A_port_that_changes_its_mode_reloads_the_edge_and_is_noted()
    {
        var app = Given.Shop with { Routes = [Given.Shop.Routes[0] with { Mode = RouteMode.Tcp }] };
        var now = Host.Serving(Given.Shop, "1", Slot.Blue);
        Preconditions.Check(app, now);
        var plan = DeployPlanner.Deploy(app, now, Given.Release(app, "2"), new DeployOptions());
        plan.ToText().ShouldContain("reload edge with new routes (no connection is closed)");
        plan.Notes.ShouldContain(
            "port 8000 is http in the release that users have and tcp in this one; each is served in its own way, and an open connection goes on as it began"
        );
    }

    [Test]
    public void A_port_that_stays_as_it_is_needs_no_word() =>
        DeployPlanner
            .Deploy(
                Given.Shop,
                Host.Serving(Given.Shop, "1", Slot.Blue),
                Given.Release(Given.Shop, "2"),
                new DeployOptions()
            )
            .Notes.ShouldBeEmpty();
}
