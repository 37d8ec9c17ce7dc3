using Recyclic.Deploy.Tests.Model;

namespace Recyclic.Deploy.Tests.Steps;

[CancelAfter(20_000)]
internal sealed class OpenDoorsTests
{
    private static readonly Application App = Doors.Added(Given.App(DoorTests.Calls));

    [Test]
    public void It_says_what_is_called_and_where()
    {
        new OpenDoors(App.Doors)
            .Describe()
            .ShouldBe("open doors web:8000 on shop_default and company, api:9000 on shop_default");
        new OpenDoors([App.Doors[1]]).Describe().ShouldBe("open door api:9000 on shop_default");
    }

    [Test]
    public void Only_the_doors_that_it_makes_go_again_with_it()
    {
        var step = new OpenDoors(App.Doors);
        step.Undo(StepRig.Nothing, StepRig.Options).ShouldHaveSingleItem().Describe().ShouldBe("close doors web, api");
        var there = StepRig.Nothing with { Doors = [State(App.Doors[0])] };
        step.Undo(there, StepRig.Options).ShouldHaveSingleItem().Describe().ShouldBe("close door api");
    }

    [Test]
    public void What_is_in_order_is_left_alone()
    {
        var now = Snapshot.Empty("shop") with
        {
            Doors = [.. App.Doors.Select(State)],
            DoorConfigurations = App.Doors.ToImmutableDictionary(door => door.Service, door => door.Hash),
        };
        OpenDoors.Of(App, now).ShouldBeEmpty();
        foreach (
            var wrong in new[]
            {
                now with
                {
                    Doors = [State(App.Doors[0])],
                },
                now with
                {
                    Doors = [State(App.Doors[0]), State(App.Doors[1]) with { IsRunning = false }],
                },
                now with
                {
                    Doors = [State(App.Doors[0]), State(App.Doors[1]) with { Networks = [] }],
                },
                now with
                {
                    DoorConfigurations = now.DoorConfigurations.SetItem("api", "another"),
                },
            }
        )
            OpenDoors.Of(App, wrong).Last().Action.Describe().ShouldBe("open door api:9000 on shop_default");
    }

    [Test]
    public void A_port_that_the_serving_release_has_is_answered_until_that_one_is_gone()
    {
        var old = App with { Routes = [.. App.Routes, App.Doors[1].Routes[0] with { Target = 9100 }] };
        OpenDoors
            .Of(App, Planning.Host.Serving(old, "1", Slot.Blue))
            .Last()
            .Action.Describe()
            .ShouldEndWith("api:9000/9100 on shop_default");
        OpenDoors
            .Of(App, Planning.Host.Serving(App, "2", Slot.Blue))
            .Last()
            .Action.Describe()
            .ShouldEndWith("api:9000 on shop_default");
    }

    [Test]
    public void The_networks_that_they_share_with_accessories_are_made_first()
    {
        OpenDoors
            .Of(App, Snapshot.Empty("shop"))
            .Select(step => step.Action.Describe())
            .ShouldBe([
                "make accessories front, db",
                "open doors web:8000 on shop_default and company, api:9000 on shop_default",
            ]);
        OpenDoors.Of(App, Snapshot.Empty("shop") with { Networks = ["shop_default"] }).Count().ShouldBe(1);
    }

    [Test]
    public async Task They_are_open_afterwards_and_once_only()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new OpenDoors(App.Doors), new OpenDoors(App.Doors));
        rig.Cluster.Doors.Select(door => $"{door.Service} {door.IsRunning}").ShouldBe(["web True", "api True"]);
        rig.Cluster.DoorConfigurations["api"].ShouldBe(App.Doors[1].Hash);
    }

    private static DoorState State(Door door) =>
        new(door.Service, "id", "name", true, [.. door.Networks.Select(network => network.Name)]);
}
