using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class SlotModelTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [TestCase(1, 100), TestCase(3, 150), TestCase(7, 350), TestCase(50, 1000)]
    public void The_more_containers_start_the_less_often_each_is_probed(int containers, int milliseconds) =>
        SlotProbes.StartIntervalFor(containers).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Test]
    public void An_accessory_keeps_the_names_that_others_know_it_by()
    {
        var app = Given.App(
            Given.ShopModel.Replace(
                "\"image\": \"postgres:16\",",
                "\"image\": \"postgres:16\", \"networks\": { \"default\": { \"aliases\": [\"database\", \"db\"] } },",
                StringComparison.Ordinal
            )
        );
        var plan = DeployPlanner.Deploy(app, Snapshot.Empty("shop"), Given.Release(app, "1.4.2"), new DeployOptions());
        CommandPreview
            .Of(plan, app)
            .ShouldContain("  2. docker network connect --alias db --alias database zz.shop.blue shop-db-1");
    }

    [Test]
    public void A_slot_has_no_published_ports_pinned_images_restarts_off_and_names_of_its_own()
    {
        var model = SlotModel.ForSlot(
            Given.Shop,
            Slot.Green,
            Given.Release(Given.Shop, "1.4.2"),
            null,
            new Naming("shop"),
            "t.1"
        );
        model
            .ToJsonString(Readable)
            .ShouldBe(
                """
                {
                  "name": "shop--green",
                  "services": {
                    "api": {
                      "image": "sha256:api-1.4.2",
                      "healthcheck": {
                        "test": [
                          "CMD",
                          "true"
                        ],
                        "interval": "5000ms",
                        "start_period": "10000ms",
                        "start_interval": "1000ms"
                      },
                      "restart": "no",
                      "deploy": {
                        "replicas": 1
                      },
                      "networks": {
                        "slot": {
                          "aliases": [
                            "green--api"
                          ]
                        }
                      },
                      "labels": {
                        "recyclic.app": "shop",
                        "recyclic.role": "release",
                        "recyclic.owner": "t.1",
                        "recyclic.slot": "green",
                        "recyclic.release": "1.4.2-2f0a6ec0",
                        "recyclic.tag": "1.4.2",
                        "recyclic.restart": "unless-stopped",
                        "recyclic.configuration": "{\"settings\":{\"depends_on\":\"#a9f99ff45e4691d5\",\"healthcheck\":\"#c3ef6143bbd94fae\",\"image\":\"team/api\",\"port 8000\":\"to 8000 http\"},\"variables\":[]}",
                        "recyclic.routes": "[{\"service\":\"api\",\"target\":8000,\"published\":8000,\"mode\":\"Http\",\"replicas\":1,\"private\":true}]",
                        "recyclic.patience": "30000ms",
                        "recyclic.listens": "8000"
                      }
                    }
                  },
                  "networks": {
                    "slot": {
                      "name": "zz.shop.green",
                      "external": true
                    }
                  }
                }
                """
            );
    }

    [Test]
    public void What_the_team_wrote_for_the_container_stays_and_what_belongs_to_one_place_goes()
    {
        var app = Given.App(
            """
            { "name": "a", "services": {
                "api": {
                  "image": "api:${TAG}", "build": ".", "profiles": ["x"], "pull_policy": "always", "scale": 2, "develop": {}, "restart": "always",
                  "x-recyclic": { "settle": "2s" },
                  "environment": { "PRICE": "$$5", "URL": "http://db" }, "command": ["sh", "-c", "echo $$HOME"],
                  "deploy": { "placement": { "constraints": [] }, "resources": { "limits": { "memory": "64m" } } },
                  "networks": { "back": { "aliases": ["backend", "backend"] }, "front": null },
                  "labels": { "team": "blue" },
                  "depends_on": { "db": {}, "bot": {}, "mail": {} },
                  "volumes": [{ "type": "volume", "source": "data", "target": "/data" }] },
                "mail": { "image": "mail:${TAG}", "x-recyclic": { "settle": "1s" } },
                "bot": { "image": "bot:${TAG}", "x-recyclic": { "settle": "1s", "overlap": false } },
                "db": { "image": "db" } },
              "volumes": { "data": { "name": "a_data" }, "plain": {} }, "secrets": { "key": { "file": "/key" } } }
            """
        );
        var model = SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "t.1");
        var api = (JsonObject)model["services"]!["api"]!;
        api.Select(entry => entry.Key)
            .ShouldBe(
                [
                    "image",
                    "restart",
                    "x-recyclic",
                    "environment",
                    "command",
                    "deploy",
                    "networks",
                    "labels",
                    "depends_on",
                    "volumes",
                ],
                ignoreOrder: true
            );
        api["environment"]!["PRICE"]!.GetValue<string>().ShouldBe("$$5");
        api["command"]![2]!.GetValue<string>().ShouldBe("echo $$HOME");
        api["deploy"]!.ToJsonString().ShouldBe("""{"replicas":2,"resources":{"limits":{"memory":"64m"}}}""");
        api["networks"]!.ToJsonString().ShouldBe("""{"slot":{"aliases":["backend","blue--api"]}}""");
        api["depends_on"]!.ToJsonString().ShouldBe("""{"mail":{}}""");
        api["labels"]!["team"]!.GetValue<string>().ShouldBe("blue");
        api["labels"]![Naming.RestartLabel]!.GetValue<string>().ShouldBe("always");
        api["labels"]![Naming.SettleLabel]!.GetValue<string>().ShouldBe("2000ms");
        model["services"]!["bot"]!["labels"]![Naming.ExclusiveLabel]!.GetValue<string>().ShouldBe("true");
        model["volumes"]!.ToJsonString().ShouldBe("""{"data":{"name":"a_data"}}""");
        model["secrets"]!.ToJsonString().ShouldBe("""{"key":{"file":"/key"}}""");
    }

    [Test]
    public void Making_a_model_leaves_the_application_as_it_was()
    {
        var before = Given.Store.Document.ToJsonString();
        SlotModel.ForSlot(Given.Store, Slot.Blue, Given.Release(Given.Store, "1"), null, new Naming("store"), "t.1");
        SlotModel.ForAccessories(Given.Store);
        Given.Store.Document.ToJsonString().ShouldBe(before);
    }

    [Test]
    public void The_accessories_are_started_exactly_as_the_file_says()
    {
        var app = Given.App(
            """
            { "name": "a", "services": {
                "api": { "image": "api:${TAG}", "x-recyclic": { "settle": "1s" } },
                "db": { "image": "db", "ports": [{ "target": 1 }], "container_name": "mine", "depends_on": { "api": {}, "disk": {} } },
                "disk": { "image": "disk", "profiles": ["x"], "depends_on": { "api": {} } } },
              "volumes": { "data": { "name": "a_data" } } }
            """
        );
        SlotModel
            .ForAccessories(app)
            .ToJsonString()
            .ShouldBe(
                """{"name":"a","services":{"db":{"image":"db","ports":[{"target":1}],"container_name":"mine","depends_on":{"disk":{}}},"disk":{"image":"disk"}},"volumes":{"data":{"name":"a_data"}}}"""
            );
    }

    [TestCase("""{ "test": ["CMD", "true"] }""", null, "30000ms", "60000ms")]
    [TestCase(
        """{ "test": ["CMD", "true"], "interval": "2s", "retries": 5, "start_period": "1m" }""",
        null,
        "2000ms",
        "68000ms"
    )]
    [TestCase("""{ "test": ["CMD", "true"], "interval": "10s" }""", 4, "4000ms", "8000ms")]
    [TestCase("""{ "test": ["CMD", "true"], "interval": "2s" }""", 4, "2000ms", "4000ms")]
    [TestCase("""{ "test": ["CMD", "true"], "interval": "2s", "retries": 1 }""", null, "2000ms", "100ms")]
    public void A_starting_container_is_probed_fast_for_as_long_as_the_file_lets_a_start_take(
        string check,
        int? seconds,
        string interval,
        string startPeriod
    )
    {
        var app = Given.App(
            $$"""{ "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": {{check}} } } }"""
        );
        var model = SlotModel.ForSlot(
            app,
            Slot.Blue,
            Given.Release(app, "1"),
            seconds is { } most ? TimeSpan.FromSeconds(most) : null,
            new Naming(app.Name),
            "t.1"
        );
        var made = model["services"]!["api"]!["healthcheck"]!;
        made["interval"]!.GetValue<string>().ShouldBe(interval);
        made["start_period"]!.GetValue<string>().ShouldBe(startPeriod);
        made["start_interval"]!.GetValue<string>().ShouldBe("100ms");
    }

    /// <summary>Compose refuses a model with `start_interval` for an engine before 25.</summary>
    [Test]
    public void An_engine_without_start_interval_is_not_given_any()
    {
        const string Check =
            """{ "test": ["CMD", "true"], "interval": "2s", "retries": 5, "start_period": "1m", "start_interval": "1s" }""";
        var app = Given.App(
            $$"""{ "name": "a", "services": { "api": { "image": "api:${TAG}", "healthcheck": {{Check}} }, "db": { "image": "db", "healthcheck": {{Check}} } } }"""
        ) with
        {
            ProbesFastWhileStarting = false,
        };
        var slot = SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming(app.Name), "t.1");
        slot["services"]!["api"]!["healthcheck"]!
            .ToJsonString()
            .ShouldBe("""{"test":["CMD","true"],"interval":"2000ms","retries":5,"start_period":"68000ms"}""");
        SlotModel.ForAccessories(app)["services"]!["db"]!["healthcheck"]!
            .ToJsonString()
            .ShouldBe("""{"test":["CMD","true"],"interval":"2s","retries":5,"start_period":"1m"}""");
    }
}
