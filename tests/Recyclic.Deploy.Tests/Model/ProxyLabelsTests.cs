using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Edge;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What addresses a proxy that finds containers by their labels is on the door, and on nothing else.</summary>
internal sealed class ProxyLabelsTests
{
    /// <summary>A proxy in the file and one of another project; a store's network counts too, a network of nobody's not.</summary>
    internal const string Labelled = """
        {
          "name": "shop",
          "services": {
            "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "expose": ["8000"],
                     "labels": { "traefik.http.routers.web.rule": "Host(`a.example`)", "traefik.docker.network": "proxy",
                                 "traefik.http.middlewares.auth.basicauth.users": "a:$$apr1$$x", "team": "shop" },
                     "networks": { "default": null, "proxy": null } },
            "api": { "image": "team/api:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                     "labels": { "caddy": "api.example", "caddy.reverse_proxy": "{{upstreams 9000}}" },
                     "networks": { "back": null } },
            "blog": { "image": "team/blog:${TAG}", "healthcheck": { "test": ["CMD", "true"] },
                      "environment": { "VIRTUAL_HOST": "b.example", "VIRTUAL_PORT": "7000", "LETSENCRYPT_HOST": "b.example",
                                       "HSTS": "off", "COLOUR": "red" },
                      "networks": { "proxy": null } },
            "worker": { "image": "team/worker:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "expose": ["6000"],
                        "labels": { "traefik.enable": "false" }, "networks": { "default": null } },
            "traefik": { "image": "traefik:3", "networks": { "default": null } },
            "db": { "image": "postgres:16", "networks": { "back": null } }
          },
          "networks": { "default": { "name": "shop_default" }, "back": { "name": "shop_back" },
                        "proxy": { "name": "proxy", "external": true } }
        }
        """;

    private static readonly Application App = Doors.Added(Given.App(Labelled));

    [Test]
    public void The_door_shows_what_the_file_says_to_proxies_and_the_container_does_not()
    {
        var web = DoorOf("web");
        web.Sign.Labels.Keys.ShouldBe([
            "traefik.docker.network",
            "traefik.http.middlewares.auth.basicauth.users",
            "traefik.http.routers.web.rule",
        ]);
        web.Sign.Labels["traefik.http.middlewares.auth.basicauth.users"].ShouldBe("a:$apr1$x");
        var labels = Labels("web");
        labels.Where(label => label.Key.StartsWith("traefik.", StringComparison.Ordinal)).ShouldHaveSingleItem();
        labels["traefik.enable"]!.ToString().ShouldBe("false", "by default Traefik takes what says nothing");
        labels["team"]!.ToString().ShouldBe("shop");
        Labels("api").ShouldNotContain(label => label.Key.StartsWith("caddy", StringComparison.Ordinal));
        Labels("api").ContainsKey("traefik.enable").ShouldBeFalse();
    }

    [Test]
    public void Variables_for_nginx_proxy_move_too_and_those_that_an_application_may_read_are_copied()
    {
        DoorOf("blog").Sign.Variables.Keys.ShouldBe(["HSTS", "LETSENCRYPT_HOST", "VIRTUAL_HOST", "VIRTUAL_PORT"]);
        ((JsonObject)Slot()["blog"]!["environment"]!).Select(variable => variable.Key).ShouldBe(["HSTS", "COLOUR"]);
    }

    [Test]
    public void What_is_told_to_leave_it_alone_stays_so_at_both()
    {
        DoorOf("worker").Sign.Labels.ShouldHaveSingleItem().Value.ShouldBe("false");
        ProxyLabels.IsAddressed(DoorOf("worker").Sign).ShouldBeFalse();
        Labels("worker")["traefik.enable"]!.ToString().ShouldBe("false");
        DoorsOf(("traefik.enable", "false"), ("traefik.http.routers.w.rule", "Host(`x`)"))
            .ShouldHaveSingleItem()
            .Sign.Labels.Keys.ShouldBe(["traefik.enable"], "nothing of what is off moves");
    }

    [Test]
    public void A_door_is_there_for_labels_alone_on_each_network_that_is_there_without_the_release()
    {
        DoorOf("web").Networks.Select(network => network.Name).ShouldBe(["shop_default", "proxy"]);
        DoorOf("api").Networks.Select(network => network.Name).ShouldBe(["shop_back"], "the database makes it");
        DoorOf("api").Routes.Select(route => route.Target).ShouldBe([9000]);
        DoorOf("blog").Routes.Select(route => route.Target).ShouldBe([7000]);
        Doors
            .Added(
                Given.App(
                    Labelled.Replace(
                        "\"postgres:16\", \"networks\": { \"back\"",
                        "\"postgres:16\", \"networks\": { \"default\"",
                        StringComparison.Ordinal
                    )
                )
            )
            .Doors.ShouldNotContain(door => door.Service == "api", "nobody makes its network");
    }

    [TestCase("caddy.reverse_proxy", "{{upstreams}}", 80)]
    [TestCase("caddy.reverse_proxy", "{{ upstreams https 8443 }}", 8443)]
    [TestCase("caddy_1.handle.reverse_proxy", "{{upstreams h2c 9090}}", 9090)]
    [TestCase("traefik.http.services.x.loadbalancer.server.port", "3000", 3000)]
    [TestCase("traefik.HTTP.services.x.loadBalancer.server.port", "3000", 3000)]
    [TestCase("traefik.tcp.services.x.loadbalancer.server.port", "3000", 3000)]
    public void A_port_that_a_label_names_is_answered(string label, string value, int port) =>
        DoorsOf((label, value)).ShouldHaveSingleItem().Routes.ShouldContain(route => route.Target == port);

    [Test]
    public void It_exposes_what_plain_compose_would_have_its_container_expose()
    {
        DoorOf("web").Sign.Exposed.ShouldBe([8000]);
        DoorOf("api").Sign.Exposed.ShouldBe([9000], "where nothing is exposed, the port that is named");
        Doors
            .Added(Given.App(Labelled).With(new Dictionary<string, ImmutableArray<int>> { ["web"] = [80, 8000] }))
            .Doors[0]
            .Sign.Exposed.ShouldBe([80, 8000]);
    }

    [Test]
    public void The_container_has_the_labels_by_which_a_proxy_names_it_and_compose_does_not_take_it_for_its_own()
    {
        var lines = EdgeCommands.LabelsOf("shop", DoorOf("web")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldContain("traefik.http.routers.web.rule=Host(`a.example`)");
        lines.ShouldContain("com.docker.compose.project=shop");
        lines.ShouldContain("com.docker.compose.service=web");
        lines.ShouldNotContain(line =>
            line.StartsWith("com.docker.compose.config-hash", StringComparison.Ordinal)
            || line.StartsWith("com.docker.compose.oneoff", StringComparison.Ordinal)
        );
        var command = EdgeCommands.Door(new Naming("shop"), DoorOf("blog"), "mark").ToList();
        string.Join(' ', command).ShouldContain("--env VIRTUAL_HOST --env VIRTUAL_PORT --expose 7000");
        command.ShouldNotContain(word => word.Contains("b.example", StringComparison.Ordinal), "it may be a secret");
        EdgeCommands
            .Door(new Naming("shop"), DoorOf("web") with { Sign = DoorSign.None }, "mark")
            .ShouldNotContain("--label-file");
    }

    [Test]
    public void A_way_back_knows_the_door_by_its_containers()
    {
        var web = DoorOf("web");
        var label = Labels("web")[Naming.SignLabel]!.ToString().Replace("$$", "$", StringComparison.Ordinal);
        var read = DoorSign.DoorFromLabel("web", label, App.Routes).ShouldNotBeNull();
        read.Sign.ShouldBe(web.Sign);
        read.Routes.ShouldBe(web.Routes);
        read.Networks.Select(network => network.Name).ShouldBe(web.Networks.Select(network => network.Name));
        foreach (var wrong in new[] { null, "", "{", "[]", "{}", "{\"networks\":[]}" })
            DoorSign.DoorFromLabel("web", wrong, App.Routes).ShouldBeNull();
        DoorSign.FromLabel(web.Sign.ToLabel()).ShouldBe(web.Sign);
        DoorSign.FromLabel("{\"labels\":{}}").ShouldBe(DoorSign.None);
    }

    [Test]
    public void Two_that_define_one_thing_of_Traefiks_differently_clash()
    {
        var sign = Sign(("traefik.http.routers.a.rule", "Host(`x`)"));
        sign.ClashesWith(Sign(("traefik.http.routers.a.rule", "Host(`y`)"))).ShouldBeTrue();
        sign.ClashesWith(Sign(("traefik.http.routers.a.rule", "Host(`x`)"), ("traefik.http.routers.A.tls", "true")))
            .ShouldBeTrue();
        sign.ClashesWith(Sign(("traefik.http.routers.b.rule", "Host(`y`)"))).ShouldBeFalse();
        sign.ClashesWith(Sign(("caddy", "y"))).ShouldBeFalse();
        sign.ClashesWith(sign).ShouldBeFalse();
    }

    private static DoorSign Sign(params (string Name, string Value)[] labels) =>
        DoorSign.None with
        {
            Labels = labels.ToImmutableSortedDictionary(label => label.Name, label => label.Value),
        };

    private static ImmutableArray<Door> DoorsOf(params (string Name, string Value)[] labels) =>
        Doors
            .Added(
                Given.App(
                    $$"""
                    {
                      "name": "shop",
                      "services": {
                        "web": { "image": "team/web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "networks": { "proxy": null },
                                 "expose": ["8000"], "labels": { {{string.Join(
                        ", ",
                        labels.Select(label => $"\"{label.Name}\": \"{label.Value}\"")
                    )}} } }
                      },
                      "networks": { "proxy": { "name": "proxy", "external": true } }
                    }
                    """
                )
            )
            .Doors;

    private static Door DoorOf(string service) => App.Doors.Single(door => door.Service == service);

    private static JsonObject Slot() =>
        (JsonObject)
            SlotModel.ForSlot(App, Deploy.Model.Slot.Green, Given.Release(App, "1"), null, new Naming("shop"), "mark")[
                "services"
            ]!;

    private static JsonObject Labels(string service) => (JsonObject)Slot()[service]!["labels"]!;
}
