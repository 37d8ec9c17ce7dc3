using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What ordinary compose files say of their services, and what becomes of it in a slot.</summary>
internal sealed class OrdinaryServiceTests
{
    [Test]
    public void Container_name_and_hostname_are_wishes_and_the_application_finds_them_all_the_same()
    {
        var app = Web("\"container_name\": \"shop-web\", \"hostname\": \"mail.example.org\"");
        var web = Slotted(app, Slot.Green);
        web["container_name"]!.GetValue<string>().ShouldBe("shop-web-green");
        web["hostname"]!.GetValue<string>().ShouldBe("mail-green.example.org");
        web["networks"]!["slot"]!["aliases"]!.ToJsonString().ShouldBe("""["shop-web","green--web"]""");
        app.Warnings.ShouldBe([
            "web has container_name: shop-web; two releases run side by side, so in a slot it is shop-web-blue or shop-web-green, and the application finds it as shop-web all the same",
            "web has hostname: mail.example.org; two releases run side by side, so in a slot it is mail-blue.example.org or mail-green.example.org",
        ]);
    }

    [Test]
    public void A_stranger_with_the_name_that_a_slots_container_is_to_have_is_refused()
    {
        var stranger = FoundContainer.Stranger(
            "container",
            "shop-web-blue",
            "0123456789abcdef",
            ImmutableDictionary<string, string>.Empty,
            ImmutableDictionary<string, string>.Empty,
            "other:1",
            Given.Noon
        );
        var now = Snapshot.Empty("shop") with
        {
            Others = ImmutableDictionary<string, Stranger>.Empty.Add(stranger.Name, stranger),
        };
        Should
            .Throw<ConfigurationException>(() => Preconditions.Check(Web("\"container_name\": \"shop-web\""), now))
            .Message.ShouldContain("shop-web-blue");
    }

    [Test]
    public void The_longest_host_name_still_is_one_in_a_slot() =>
        ServiceNames.InSlot(new string('a', 63), Slot.Green).Length.ShouldBe(63);

    [TestCase("\"restart\": \"no\"", "no")]
    [TestCase("\"restart\": \"on-failure:3\"", "on-failure:3")]
    [TestCase("\"deploy\": { \"restart_policy\": { \"condition\": \"none\" } }", "no")]
    [TestCase(
        "\"deploy\": { \"restart_policy\": { \"condition\": \"on-failure\", \"max_attempts\": 5 } }",
        "on-failure:5"
    )]
    [TestCase("\"deploy\": { \"restart_policy\": { \"condition\": \"on-failure\" } }", "on-failure")]
    [TestCase("\"deploy\": { \"restart_policy\": { \"condition\": \"any\" } }", "always")]
    [TestCase("\"restart\": \"always\", \"deploy\": { \"restart_policy\": { \"condition\": \"none\" } }", "always")]
    [TestCase("\"tty\": true", "unless-stopped")]
    public void What_the_file_says_of_restarts_is_kept(string line, string policy)
    {
        var app = Web(line);
        app.Services[0].Restart.ShouldBe(policy);
        Slotted(app, Slot.Blue)["labels"]!["recyclic.restart"]!.GetValue<string>().ShouldBe(policy);
    }

    [TestCase("./data", "/data", true, false)]
    [TestCase("./conf.d", "/etc/app/conf.d", true, false)]
    [TestCase("./.cache", "/root/.cache", true, false)]
    [TestCase("./data", "/data", false, true)]
    [TestCase("./app.yml", "/app.yml", true, true)]
    [TestCase("./conf", "/etc/app.conf", true, true)]
    [TestCase("./.env", "/app/env", true, true)]
    [TestCase("/run/other/docker.sock", "/run/docker.sock", true, true)]
    [TestCase("./Caddyfile", "/etc/caddy/Caddyfile", true, true)]
    public void A_folder_that_compose_would_create_is_created_and_what_looks_like_a_file_is_refused(
        string source,
        string target,
        bool creates,
        bool isRefused
    )
    {
        var compose = Given.ComposeOf(
            Model(
                $$"""
                "volumes": [{ "type": "bind", "source": "{{source}}", "target": "{{target}}", "bind": { "create_host_path": {{(
                    creates ? "true" : "false"
                )}} } }]
                """
            ),
            "1"
        ) with
        {
            MissingFiles = new[] { source }.ToLookup(_ => "web"),
        };
        if (isRefused)
            Should
                .Throw<ConfigurationException>(() => ComposeReader.Read(compose, engineIsLocal: true))
                .Message.ShouldContain($"it mounts {source}, which does not exist");
        else
            ComposeReader
                .Read(compose, engineIsLocal: true)
                .Warnings.ShouldBe([$"{source} does not exist: Docker creates it as an empty folder"]);
    }

    [Test]
    public void A_missing_folder_is_said_once()
    {
        var compose = Given.ComposeOf(
            """{ "name": "shop", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] } }, "db": { "image": "db:1" }, "back": { "image": "db:1" } } }""",
            "1"
        ) with
        {
            MissingFiles = new[] { "db", "back" }.ToLookup(service => service, _ => "/srv/data"),
        };
        ComposeReader
            .Read(compose, engineIsLocal: true)
            .Warnings.ShouldBe(["/srv/data does not exist: Docker creates it as an empty folder"]);
    }

    [TestCase("host")]
    [TestCase("none")]
    [TestCase("container:other")]
    [TestCase("service:vpn")]
    public void An_accessory_with_a_network_of_its_own_runs_as_it_is_and_is_not_joined(string mode)
    {
        var app = Given.App(
            $$"""
            { "name": "shop", "services": {
                "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "ports": [{ "target": 80, "published": "80" }] },
                "vpn": { "image": "vpn:1" },
                "it": { "image": "it:1", "network_mode": "{{mode}}", "privileged": true, "devices": [{ "source": "/dev/dri" }] } } }
            """
        );
        app.Warnings.ShouldBe([
            $"it has network_mode: {mode}; it runs as the file says, and is on no network of a release",
        ]);
        var plan = DeployPlanner.Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1"), new DeployOptions());
        plan.Steps.Select(step => step.Action).OfType<StartAccessories>().Single().Services.ShouldBe(["vpn", "it"]);
        plan.Steps.Select(step => step.Action).OfType<ConnectNetworks>().Single().Accessories.ShouldBe(["vpn"]);
        SlotModel.ForAccessories(app)["services"]!["it"]!["network_mode"]!.GetValue<string>().ShouldBe(mode);
    }

    [TestCase("network_mode")]
    [TestCase("pid")]
    public void One_that_is_tied_to_a_release_service_is_refused(string key) =>
        Should
            .Throw<ConfigurationException>(() =>
                Given.App(
                    $$"""{ "name": "shop", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] } }, "it": { "image": "it:1", "{{key}}": "service:web" } } }"""
                )
            )
            .Problems.ShouldHaveSingleItem()
            .What.ShouldBe(
                $"`{key}: service:web` ties it to one container of web, a release service that exists twice"
            );

    [Test]
    public void What_the_files_networks_say_to_their_driver_holds_in_a_slot_and_what_cannot_is_said()
    {
        var app = Given.App(
            """
            { "name": "shop", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, "mac_address": "02:42:ac:11:00:03",
                "networks": { "back": { "ipv4_address": "10.9.8.7" }, "shared": { "ipv4_address": "10.1.1.1", "priority": 5 } } } },
              "networks": {
                "back": { "name": "shop_back", "internal": true, "driver_opts": { "com.docker.network.driver.mtu": "1400", "com.docker.network.bridge.name": "br-shop" }, "ipam": { "config": [{ "subnet": "10.9.8.0/24" }] } },
                "unused": { "name": "shop_unused", "driver_opts": { "x": "y" } },
                "shared": { "name": "company", "external": true } } }
            """
        );
        SlotNetworks.OptionsOf(app).ShouldBe([KeyValuePair.Create("com.docker.network.driver.mtu", "1400")]);
        DockerCommands
            .CreateNetwork("shop", "zz.shop.blue", "m", SlotNetworks.OptionsOf(app))
            .Take(4)
            .ShouldBe(["network", "create", "--opt", "com.docker.network.driver.mtu=1400"]);
        var web = Slotted(app, Slot.Blue);
        web["networks"]!["external-shared"]!.ToJsonString().ShouldBe("""{"priority":5}""");
        web["mac_address"].ShouldBeNull();
        app.Warnings.ShouldBe([
            "web has a fixed address on back, shared; two releases run side by side, so it gets another one each time and is found by its name",
            "web has a fixed mac_address, which is left out: two releases run side by side",
            "the network back is internal, which a slot's network cannot be, since the edge is on it: there release services may reach the outside",
            "the addresses of the network back (ipam) hold for accessories: release services are on networks of their own",
        ]);
    }

    private static string Model(string lines) =>
        $$"""{ "name": "shop", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] }, {{lines}} } } }""";

    private static Application Web(string lines) => Given.App(Model(lines));

    private static System.Text.Json.Nodes.JsonNode Slotted(Application app, Slot slot) =>
        SlotModel.ForSlot(app, slot, Given.Release(app, "1"), null, new Naming("shop"), "t.1")["services"]!["web"]!;
}
