using Recyclic.Deploy.Tests.Model;
using Recyclic.Deploy.Tests.Planning;

namespace Recyclic.Deploy.Tests.Steps;

/// <summary>What a door shows to proxies is what the release says that users have.</summary>
[CancelAfter(20_000)]
internal sealed class RelabelDoorsTests
{
    private static readonly Application App = Doors.Added(Given.App(ProxyLabelsTests.Labelled));

    private static readonly Application Other = Doors.Added(
        Given.App(ProxyLabelsTests.Labelled.Replace("a.example", "new.example", StringComparison.Ordinal))
    );

    private static readonly Application Without = Doors.Added(
        Given.App(ProxyLabelsTests.Labelled.Replace("\"VIRTUAL_HOST\"", "\"HOST\"", StringComparison.Ordinal))
    );

    [Test]
    public void It_says_whose() =>
        new RelabelDoors([.. App.Doors.Take(2)])
            .Describe()
            .ShouldBe("relabel doors web, api (made anew, then the old goes)");

    [Test]
    public void A_deploy_with_other_labels_relabels_once_users_are_moved()
    {
        var steps = DeployPlanner.Deploy(Other, Now(), Given.Release(Other, "2"), StepRig.Options).Steps;
        var relabel = steps.Single(step => step.Action is RelabelDoors);
        relabel.Phase.ShouldBe(Phase.Shift);
        steps.IndexOf(relabel).ShouldBeGreaterThan(steps.ToList().FindIndex(step => step.Action is Commit));
        var door = ((RelabelDoors)relabel.Action).Doors.ShouldHaveSingleItem();
        door.Sign.Labels["traefik.http.routers.web.rule"].ShouldBe("Host(`new.example`)");
        ((RelabelDoors)relabel.Undo.ShouldHaveSingleItem()).Doors[0].Sign.ShouldBe(SignOf(App, "web"));
        steps.ShouldNotContain(step => step.Action is OpenDoors, "until then the door is as the old release has it");
    }

    [Test]
    public void The_same_labels_and_a_first_release_relabel_nothing()
    {
        RelabelDoors.Of(App, Now()).ShouldBeEmpty();
        RelabelDoors.Of(App, Snapshot.Empty("shop")).ShouldBeEmpty();
        OpenDoors
            .Of(App, Snapshot.Empty("shop"))
            .Select(step => step.Action)
            .OfType<OpenDoors>()
            .ShouldHaveSingleItem()
            .Doors.Single(door => door.Service == "web")
            .Sign.ShouldBe(SignOf(App, "web"));
    }

    [Test]
    public void A_door_that_was_lost_is_opened_with_the_labels_of_what_serves()
    {
        var opened = (OpenDoors)OpenDoors.Of(Other, Now() with { Doors = [] }).Last().Action;
        opened.Doors.Single(door => door.Service == "web").Sign.ShouldBe(SignOf(App, "web"));
    }

    [Test]
    public void Two_doors_of_one_service_are_put_in_order()
    {
        var now = Now();
        now = now with { Doors = [.. now.Doors, now.Doors[0] with { Id = "left" }] };
        ((OpenDoors)OpenDoors.Of(App, now).ShouldHaveSingleItem().Action).Doors.ShouldHaveSingleItem();
    }

    [Test]
    public void What_has_no_labels_any_more_shows_none()
    {
        var relabel = (RelabelDoors)RelabelDoors.Of(Without, Now()).ShouldHaveSingleItem().Action;
        var door = relabel.Doors.ShouldHaveSingleItem();
        (door.Service, door.Sign.IsEmpty).ShouldBe(("blog", true));
        door.Networks.ShouldHaveSingleItem().Name.ShouldBe("proxy", "a proxy that knew it goes on finding it by name");
    }

    [Test]
    public void A_way_back_brings_back_what_that_release_said()
    {
        var now = Now().Holding(Other, Slot.Green, "0", "exited");
        var plan = RollbackPlanner.Plan(
            now,
            new Commitment(Given.Release(Other, "0"), Slot.Green, Given.Noon, "?"),
            StepRig.Options
        );
        var door = plan.Steps.Select(step => step.Action).OfType<RelabelDoors>().Single().Doors.ShouldHaveSingleItem();
        door.Sign.ShouldBe(SignOf(Other, "web"));
        RelabelDoors.For(now, Slot.Blue).ShouldBeEmpty();
        var unlabelled = Now().Holding(Without, Slot.Green, "0", "exited");
        ((RelabelDoors)RelabelDoors.For(unlabelled, Slot.Green).Single()).Doors.Single().Sign.ShouldBe(DoorSign.None);
    }

    [Test]
    public async Task A_door_shows_it_afterwards_and_is_made_once()
    {
        await using var rig = new StepRig();
        await rig.RunAsync(new OpenDoors(App.Doors), new RelabelDoors(Other.Doors), new RelabelDoors(Other.Doors));
        rig.Cluster.Doors.Select(door => (door.Service, door.IsRunning, door.Sign))
            .ShouldBe(Other.Doors.Select(door => (door.Service, true, door.Sign)), ignoreOrder: true);
    }

    private static Snapshot Now()
    {
        var now = Planning.Host.Serving(App, "1", Slot.Blue);
        return now with
        {
            Doors =
            [
                .. App.Doors.Select(door => new DoorState(
                    door.Service,
                    $"{door.Service}-id",
                    $"shop-door-{door.Service}",
                    true,
                    [.. door.Networks.Select(network => network.Name)]
                )
                {
                    Sign = door.Sign,
                }),
            ],
            DoorConfigurations = App.Doors.ToImmutableDictionary(door => door.Service, door => door.Hash),
        };
    }

    private static DoorSign SignOf(Application app, string service) =>
        app.Doors.Single(door => door.Service == service).Sign;
}
