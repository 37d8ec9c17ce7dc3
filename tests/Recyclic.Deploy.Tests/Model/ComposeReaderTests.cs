namespace Recyclic.Deploy.Tests.Model;

internal sealed class ComposeReaderTests
{
    [Test]
    public void Services_with_the_tag_are_released_and_all_others_are_accessories()
    {
        var app = Given.Store;
        app.Name.ShouldBe("store");
        app.Services.Select(service => service.Name).ShouldBe(["api", "web", "bot"]);
        app.Overlapping.Select(service => service.Name).ShouldBe(["api", "web"]);
        app.Exclusives.Select(service => service.Name).ShouldBe(["bot"]);
        app.Accessories.ShouldBe([new Accessory("db", "postgres:16", true) { Patience = TimeSpan.FromSeconds(105) }]);
        app.Warnings.ShouldBeEmpty();
    }

    [Test]
    public void Published_ports_become_routes()
    {
        Given.Store.Routes.ShouldBe([
            new Route("api", 8000, 8000, null, RouteMode.Http, null, null, 1) { Private = true },
            new Route("web", 80, 4444, null, RouteMode.Http, null, null, 1) { Private = true },
        ]);
    }

    [Test]
    public void A_route_takes_its_mode_host_path_address_and_replicas_from_the_service()
    {
        var app = Given.App(
            """
            { "name": "a", "services": { "api": {
                "image": "api:${TAG}", "deploy": { "replicas": 3 }, "restart": "always",
                "x-recyclic": { "settle": "1m30s", "host": "shop.example.org", "path": "/api" },
                "ports": [{ "target": 80, "published": "8080", "host_ip": "127.0.0.1" }] },
              "mqtt": { "image": "mqtt:${TAG}", "scale": 2,
                "x-recyclic": { "settle": "500ms", "mode": "tcp" }, "ports": [{ "target": 1883, "published": "1883" }] } } }
            """
        );
        app.Routes.ShouldBe([
            new Route("api", 80, 8080, "127.0.0.1", RouteMode.Http, "shop.example.org", "/api", 3) { Private = true },
            new Route("mqtt", 1883, 1883, null, RouteMode.Tcp, null, null, 2) { Private = true },
        ]);
        app.Services.Select(service => service with { AnonymousPaths = [], Inside = [], Exposed = [], SaidMode = null })
            .ShouldBe([
                new ReleaseService("api", "api:1.4.2", 3, false, TimeSpan.FromSeconds(90), "always", false)
                {
                    IsSettleGiven = true,
                },
                new ReleaseService(
                    "mqtt",
                    "mqtt:1.4.2",
                    2,
                    false,
                    TimeSpan.FromMilliseconds(500),
                    "unless-stopped",
                    false
                )
                {
                    IsSettleGiven = true,
                },
            ]);
    }

    [Test]
    public void Routes_survive_the_journey_in_a_label()
    {
        Route.FromLabel(Route.ToLabel(Given.Store.Routes)).ShouldBe(Given.Store.Routes);
        Route.FromLabel("not json").ShouldBeEmpty();
        Route.FromLabel(null).ShouldBeEmpty();
    }

    [TestCase("10s", 10_000)]
    [TestCase("1m30s", 90_000)]
    [TestCase("500ms", 500)]
    [TestCase("1.5s", 1500)]
    [TestCase("1h0m0s", 3_600_000)]
    [TestCase("0s", 0)]
    public void A_duration_is_read_as_compose_writes_it(string text, int milliseconds) =>
        ComposeReader.ParseDuration(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [TestCase("")]
    [TestCase(null)]
    [TestCase("10")]
    [TestCase("-1s")]
    [TestCase("1 s")]
    [TestCase("1s\n")]
    [TestCase("s")]
    [TestCase("99999999999h")]
    [TestCase("1s1s1s1s1s1s1s")]
    public void What_is_no_duration_is_not_guessed_at(string? text) => ComposeReader.ParseDuration(text).ShouldBeNull();

    [Test]
    public void A_bind_mount_on_the_own_machine_is_a_warning_because_a_rollback_does_not_bring_it_back()
    {
        var compose = Given.Compose(
            """
            { "name": "a", "services": { "api": { "image": "api:${TAG}", "x-recyclic": { "settle": "1s" },
                "volumes": [{ "type": "bind", "source": "./conf/api.ini", "target": "/etc/api.ini" }] } } }
            """
        );
        compose.Resolved["services"]!["api"]!["volumes"]![0]!["source"] = "/home/ann/shop/conf/api.ini";
        ComposeReader
            .Read(compose, engineIsLocal: true)
            .Warnings.ShouldBe([
                "api mounts /home/ann/shop/conf/api.ini, which is not part of its image: a rollback does not bring an earlier version of it back",
            ]);
    }
}
