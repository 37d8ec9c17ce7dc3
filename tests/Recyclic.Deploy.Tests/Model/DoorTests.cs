using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class DoorTests
{
    /// <summary>A front and a job call; the database is called and calls nobody.</summary>
    internal const string Calls = """
        {
          "name": "shop",
          "services": {
            "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "curl", "localhost:8000/health"] },
                     "ports": [{ "target": 8000, "published": "80", "protocol": "tcp" }],
                     "networks": { "default": null, "shared": { "aliases": ["shop.internal"] } } },
            "api": { "image": "team/api:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "expose": ["9000", "5353/udp"],
                     "networks": { "default": { "ipv4_address": "172.30.0.9" } } },
            "worker": { "image": "team/worker:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "networks": { "default": null } },
            "alone": { "image": "team/alone:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "expose": ["7000"],
                       "networks": { "back": null } },
            "front": { "image": "nginx:1.27", "networks": { "default": null } },
            "db": { "image": "postgres:16", "networks": { "back": null, "default": null } }
          },
          "networks": { "default": { "name": "shop_default" }, "back": { "name": "shop_back" },
                        "shared": { "name": "company", "external": true } }
        }
        """;

    private static readonly Application App = Doors.Added(Given.App(Calls));

    [Test]
    public void Who_can_be_called_from_outside_its_slot_has_a_door()
    {
        App.Doors.Select(door => door.Service).ShouldBe(["web", "api"]);
        Doors.CallersOf(App, "api").ShouldBe(["front"]);
    }

    [Test]
    public void A_door_answers_on_the_ports_that_are_known_each_in_its_mode()
    {
        App.Doors.SelectMany(door => door.Routes)
            .Select(route => $"{route.Service}:{route.Target} {route.Mode} {route.Published}")
            .ShouldBe(["web:8000 Auto 0", "api:9000 Auto 0"]);
        App.Routes.Count(route => route.IsInside).ShouldBe(2);
        Doors
            .Added(Given.App(Calls).With(Ports(("worker", 4222), ("web", 9443))))
            .Doors.SelectMany(door => door.Routes)
            .Select(route => $"{route.Service}:{route.Target} {route.Mode}")
            .ShouldBe(["web:8000 Auto", "web:9443 Tcp", "api:9000 Auto", "worker:4222 Tcp"], "what images EXPOSE too");
    }

    [Test]
    public void A_door_has_all_names_of_its_service_and_the_address_that_the_file_gives_it()
    {
        var web = App.Doors[0].Networks;
        web.Select(network => network.Name).ShouldBe(["shop_default", "company"]);
        web.Select(network => network.IsOutside).ShouldBe([false, true]);
        web[1].Aliases.ShouldBe(["web", "shop.internal", "shop-web-1"]);
        App.Doors[1].Networks.ShouldHaveSingleItem().Address.ShouldBe("172.30.0.9");
    }

    [Test]
    public void Where_nobody_could_call_there_is_no_door()
    {
        var app = Given.App(
            Calls
                .Replace("nginx:1.27", "redis:7", StringComparison.Ordinal)
                .Replace("\"shared\": { \"aliases\": [\"shop.internal\"] }", "\"back\": null", StringComparison.Ordinal)
        );
        Doors.Added(app).Doors.ShouldBeEmpty();
        Doors.Added(app).Routes.ShouldBe(app.Routes);
    }

    [Test]
    public void A_service_that_lost_its_door_is_known_by_what_serves()
    {
        var now = Planning.Host.Serving(App, "1", Slot.Blue);
        now.Doorless.ShouldBe(["web", "api"], ignoreOrder: true);
        DoorState web = new("web", "id", "name", IsRunning: true, []);
        (now with { Doors = [web, web with { Service = "api", IsRunning = false }] }).Doorless.ShouldBe(["api"]);
        Planning.Host.Serving(Given.App(Calls), "1", Slot.Blue).Doorless.ShouldBeEmpty("nobody can call it");
    }

    [Test]
    public void An_accessory_that_says_that_it_calls_nobody_needs_no_door()
    {
        const string front = "\"front\": { \"image\": \"nginx:1.27\", ";
        var app = Given.App(
            Calls.Replace(front, front + "\"x-recyclic\": { \"calls\": false }, ", StringComparison.Ordinal)
        );
        Doors.Added(app).Doors.ShouldHaveSingleItem().Networks.ShouldHaveSingleItem().Name.ShouldBe("company");
    }

    [Test]
    public void A_door_hands_connections_on_to_the_edge_by_a_socket_for_each_port()
    {
        var text = App.Doors[0].Configuration;
        text.ShouldStartWith($"# {App.Doors[0].Hash}\n");
        text.ShouldContain("bind :8000\n");
        text.ShouldContain("server edge unix@/var/lib/recyclic/doors/web-8000 send-proxy-v2\n");
        App.Doors[1].Hash.ShouldNotBe(App.Doors[0].Hash);
    }

    [Test]
    public void The_edge_answers_for_a_door_by_its_one_number_and_publishes_nothing_for_it()
    {
        var edge = EdgePlan.For(App, Snapshot.Empty("shop"), Slot.Blue);
        edge.Ports.ShouldBe(["80"]);
        var door = edge.Text[edge.Text.IndexOf("frontend door-api-9000", StringComparison.Ordinal)..];
        door.ShouldContain(
            "bind unix@/var/lib/recyclic/doors/api-9000 accept-proxy\n    bind unix@/var/lib/recyclic/doors/api-9000.n id 2\n"
        );
        door.ShouldContain("use_backend blue-api-9000 if http !green\n");
        door.ShouldContain("use_backend green-api-9000 if http green\n");
        door.ShouldContain("use_backend blue-api-9000-tcp if !http !session-green\n", customMessage: "gRPC, for one");
    }

    [Test]
    public void A_door_leads_to_a_release_that_was_started_before_there_was_one()
    {
        var before = Given.App(Calls);
        var now = Planning.Host.Serving(before, "1", Slot.Blue);
        now[Slot.Blue].Routes.ShouldNotContain(route => route.IsInside);
        EdgePlan.For(App, now, Slot.Green).Text.ShouldContain("use_backend blue-api-9000 if http !green\n");
    }

    [Test]
    public void Outside_a_release_container_has_no_name_and_inside_it_finds_its_own_slot_first()
    {
        var services = SlotModel.ForSlot(App, Slot.Green, Given.Release(App, "1"), null, new Naming("shop"), "mark")[
            "services"
        ]!;
        ((JsonObject)services["web"]!["networks"]!).Select(network => network.Key).ShouldBe(["slot"]);
        services["web"]!["external_links"]!
            .AsArray()
            .Select(link => link!.ToString())
            .ShouldBe(["green--web:web", "green--web:shop.internal", "green--api:api"]);
        services["api"]!["external_links"].ShouldBeNull("it is on its slot's network alone");
        Doors.NamelessNetworks(App)["web"].ShouldBe(["company"]);
    }

    [Test]
    public void A_route_of_a_door_survives_the_journey_in_a_label() =>
        Route.FromLabel(Route.ToLabel(App.Routes)).ShouldBe(App.Routes);

    private static Dictionary<string, ImmutableArray<int>> Ports(params (string Service, int Port)[] ports) =>
        ports.ToDictionary(port => port.Service, port => ImmutableArray.Create(port.Port));
}
