using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class CloseDoorsTests
{
    private static readonly Application App = Doors.Added(Given.App(DoorTests.Calls));

    [Test]
    public void It_says_which()
    {
        new CloseDoors(["web"]).Describe().ShouldBe("close door web");
        new CloseDoors(["web", "api"]).Describe().ShouldBe("close doors web, api");
    }

    [Test]
    public void A_door_stays_as_long_as_its_service_may_come_back()
    {
        var without = App with
        {
            Doors = [App.Doors[0]],
            Routes = [.. App.Routes.Where(route => route.Service != "api")],
        };
        var serves = Planning.Host.Serving(App, "1", Slot.Blue) with { Doors = [Named("web"), Named("api")] };
        Closed(without, serves).ShouldBeEmpty("the release before has api");
        var later = Planning.Host.Serving(without, "2", Slot.Blue) with { Doors = serves.Doors };
        Closed(without, later).ShouldBe(["close door api"]);
        Closed(App, later).ShouldBeEmpty();
    }

    [Test]
    public async Task They_are_gone_afterwards()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new OpenDoors(App.Doors), new CloseDoors(["web"]), new CloseDoors(["web"]));
        rig.Cluster.Doors.Select(door => door.Service).ShouldBe(["api"]);
    }

    private static IEnumerable<string> Closed(Application app, Snapshot now) =>
        CloseDoors
            .Of(app, new SlotChange(now, Slot.Blue, Slot.Green, Given.Release(app, "3"), StepRig.Options))
            .Select(step => step.Action.Describe());

    private static DoorState Named(string service) => new(service, service, service, true, []);
}
