using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Ports without a number of the host, and ports that the edge cannot forward.</summary>
internal sealed class PublishedPortTests
{
    [Test]
    public void A_port_on_a_random_number_of_the_host_gets_one_that_stays()
    {
        var app = App(
            """{ "target": 8080, "protocol": "tcp" }""",
            """
            "api": { "image": "api:1", "ports": [{ "target": 8080, "protocol": "tcp" }, { "target": 9000, "published": "8081", "protocol": "tcp" }] },
            "admin": { "image": "admin:1", "ports": [{ "target": 80, "published": "8080-8090", "protocol": "tcp" }] },
            "db": { "image": "postgres:16", "ports": [{ "target": 5432, "protocol": "tcp" }] }
            """
        );
        app.Routes.Select(route => (route.Service, route.Target, route.Published))
            .ShouldBe([("web", 8080, 8080), ("api", 8080, 8082), ("api", 9000, 8081), ("admin", 80, 8083)]);
        app.Warnings.ShouldContain(
            "web publishes 8080 on a random port of the host; so that it stays where it is, the edge has it on 8080; to choose another: ports: [\"<port>:8080\"]"
        );
        app.Warnings.ShouldContain(
            "admin publishes 80 on one of the host's ports 8080-8090; so that it stays where it is, the edge has it on 8083; to choose another: ports: [\"<port>:80\"]"
        );
        SlotModel.ForAccessories(app)["services"]!["db"]!["ports"]!
            .ToJsonString()
            .ShouldBe("""[{"target":5432,"protocol":"tcp"}]""", "an accessory's port is as compose makes it");
    }

    [Test]
    public void A_range_of_which_nothing_is_left_is_refused() =>
        Should
            .Throw<ConfigurationException>(() =>
                App("""{ "target": 80, "published": "81" }, { "target": 80, "published": "81-81" }""")
            )
            .Message.ShouldContain("the host port of 80 is 81-81, not one fixed number");

    [TestCase("udp", "web:1")]
    [TestCase("sctp", "web:1")]
    [TestCase("udp", "web:${TAG}")]
    public void What_the_edge_cannot_forward_is_published_by_its_container_which_is_stop_first(
        string protocol,
        string image
    )
    {
        var app = App(
            $$"""{ "target": 53, "published": "5353", "protocol": "{{protocol}}", "host_ip": "127.0.0.1" }, { "target": 80, "published": "80" }""",
            image: image
        );
        app.Exclusives.ShouldHaveSingleItem().Name.ShouldBe("web");
        app.Routes.ShouldHaveSingleItem().Target.ShouldBe(80);
        OwnPorts.WantedBy(app, Snapshot.Empty(app.Name)).ShouldBe([$"127.0.0.1:5353/{protocol}"]);
        Slots(app)["web"]!["ports"]!
            .ToJsonString()
            .ShouldBe($$"""[{"target":53,"published":"5353","protocol":"{{protocol}}","host_ip":"127.0.0.1"}]""");
        DeployPlanner
            .Deploy(app, Snapshot.Empty(app.Name), Given.Release(app, "1"), new DeployOptions())
            .ToText()
            .ShouldContain(
                $"web publishes 5353/{protocol} by its container itself, since the edge forwards TCP: one container alone can, so it is stop-first"
            );
    }

    [TestCase("web:1")]
    [TestCase("web:${TAG}")]
    public void A_service_on_the_hosts_network_keeps_it_and_is_stop_first(string image)
    {
        var app = Given.App(
            $$"""{ "name": "a", "services": { "web": { "image": "{{image}}", "network_mode": "host" }, "db": { "image": "postgres:16" } } }"""
        );
        app.DescribeChoice().ShouldBe("released: web; accessories: db; stop-first: web");
        app.Exclusives.ShouldHaveSingleItem().Name.ShouldBe("web");
        var model = Slots(app)["web"]!;
        (model["network_mode"]!.GetValue<string>(), model["networks"]).ShouldBe(("host", null));
        DeployPlanner
            .Deploy(app, Snapshot.Empty(app.Name), Given.Release(app, "1"), new DeployOptions())
            .ToText()
            .ShouldContain("web is on the host's network");
    }

    [Test]
    public void The_engines_default_network_is_the_slots_own()
    {
        var app = Given.App(
            """{ "name": "a", "services": { "web": { "image": "web:1", "network_mode": "bridge", "ports": [{ "target": 80, "published": "80" }] } } }"""
        );
        var model = Slots(app)["web"]!;
        model["network_mode"].ShouldBeNull();
        model["networks"]!["slot"].ShouldNotBeNull();
    }

    [TestCase("container:other", "", "takes it out of its slot's network")]
    [TestCase("host", ", \"deploy\": { \"replicas\": 2 }", "it has 2 replicas")]
    [TestCase("host", ", \"x-recyclic\": { \"overlap\": true }", "x-recyclic.overlap is true")]
    [TestCase(
        "none",
        ", \"x-recyclic\": { \"health\": \"/up\" }, \"expose\": [\"80\"]",
        "x-recyclic.health is asked for on its slot's network"
    )]
    public void A_network_that_two_releases_cannot_have_is_refused(string mode, string more, string what) =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    $$"""{ "name": "a", "services": { "web": { "image": "web:${TAG}", "network_mode": "{{mode}}"{{more}} } } }"""
                )
            )
            .Problems.Select(problem => problem.What)
            .ShouldContain(text => text.Contains(what, StringComparison.Ordinal));

    [Test]
    public void A_one_off_publishes_nothing() =>
        Slots(
            App(
                """{ "target": 80, "published": "80" }""",
                """ "job": { "image": "job:1", "x-recyclic": { "one-off": true }, "ports": [{ "target": 53, "published": "53", "protocol": "udp" }] } """
            )
        )["job"]!
            ["ports"]
            .ShouldBeNull();

    [Test]
    public void A_service_with_no_replicas_is_not_there()
    {
        var app = App(
            """{ "target": 80, "published": "80" }""",
            """
            "worker": { "image": "worker:1", "deploy": { "replicas": 0 } }, "cache": { "image": "redis:7", "scale": 0 },
            "api": { "image": "api:1", "links": ["cache"], "depends_on": { "cache": { "condition": "service_started" }, "worker": { "condition": "service_started" } } }
            """
        );
        app.DescribeChoice().ShouldBe("released: web, api; accessories: none");
        app.Document["services"]!["api"]!["depends_on"]!.AsObject().ShouldBeEmpty();
        app.Warnings.ShouldContain("worker, cache: the file has 0 replicas of them, so they are not started");
    }

    [Test]
    public void A_link_gives_another_name_to_an_accessory_and_to_a_release_service()
    {
        var app = App(
            """{ "target": 80, "published": "80" }""",
            """
            "worker": { "image": "worker:1", "links": ["db:mysql", "web:front"] },
            "db": { "image": "mariadb:11", "links": ["web:site"] }
            """
        );
        ServiceNames.NamesOf(app.Document, "db").ShouldBe(["db", "mysql"]);
        Slots(app)["web"]!["networks"]!["slot"]!["aliases"]!
            .AsArray()
            .Select(alias => alias!.GetValue<string>())
            .ShouldBe(["front", "site", "blue--web"], ignoreOrder: true);
        Slots(app)["worker"]!["links"]!.ToJsonString().ShouldBe("""["web:front"]""");
        SlotModel.ForAccessories(app)["services"]!["db"]!["links"]!
            .AsArray()
            .ShouldBeEmpty("compose refuses a link to a service of another project");
    }

    [Test]
    public void A_link_that_gives_the_name_of_another_service_is_refused() =>
        Should
            .Throw<ConfigurationException>(() =>
                App(
                    """{ "target": 80, "published": "80" }""",
                    """ "worker": { "image": "worker:1", "links": ["web:db"] }, "db": { "image": "mariadb:11" } """
                )
            )
            .Message.ShouldContain("the link web:db gives a service the name of another one");

    private static JsonNode Slots(Application app) =>
        SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "mark")["services"]!;

    private static Application App(string ports, string others = "", string image = "web:1") =>
        Given.App(
            $$"""{ "name": "a", "services": { "web": { "image": "{{image}}", "ports": [{{ports}}] }{{(others.Length > 0 ? "," + others : "")}} } }"""
        );
}
