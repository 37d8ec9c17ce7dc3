using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What an approval has of a compose file.</summary>
internal sealed class BoundModelTests
{
    private const string Model = """
        {
          "name": "shop",
          "services": {
            "api": {
              "image": "team/api:${TAG}",
              "environment": { "PIN": "1234", "DB": "postgres://app:recyclic-secret-DB_PASSWORD@db" },
              "volumes": [{ "type": "bind", "source": "/home/ann/shop/conf", "target": "/conf" }]
            }
          },
          "networks": { "default": { "name": "shop_default" } }
        }
        """;

    [Test]
    public void Each_entry_has_a_name_and_no_value()
    {
        var entries = BoundModel.Of(Given.ComposeOf(Model, "1"), "key");
        entries.Keys.ShouldBe(
            ["(networks) default", "api environment DB", "api environment PIN", "api image", "api mount /conf"],
            ignoreOrder: true
        );
        entries.Values.ShouldAllBe(value => value.Length == 32);
    }

    [Test]
    public void An_approval_has_no_trace_of_a_secret()
    {
        var approval = new ReleaseSubject(Given.ComposeOf(Model, "1"), null, null).Bind(
            new Approval("production", "d", "1", "ann", Given.Noon),
            "one key"
        );
        var other = new ReleaseSubject(Given.ComposeOf(Model, "1"), null, null).Bind(approval, "another key");
        other
            .Model!["api environment PIN"]
            .ShouldNotBe(
                approval.Model!["api environment PIN"],
                "four digits are guessed from a hash that is the same everywhere"
            );
        var line = new JournalRecord(Given.Noon, "1", JournalKind.Approve) { Approval = approval }.ToJson();
        line.ShouldNotContain("1234");
        line.ShouldNotContain("postgres://");
        Journal.Parse([line]).Records.ShouldHaveSingleItem().Approval!.Model.ShouldBe(approval.Model);
    }

    [Test]
    public void The_same_files_are_the_same_wherever_they_are_checked_out()
    {
        var here = Given.ComposeOf(Model, "1") with { Folder = "/home/ann/shop" };
        var there = Given.ComposeOf(
            Model.Replace("/home/ann/shop", "/builds/run-7", StringComparison.Ordinal),
            "1"
        ) with
        {
            Folder = "/builds/run-7",
        };
        BoundModel.Of(there, "key").ShouldBe(BoundModel.Of(here, "key"));
    }

    [Test]
    public void The_order_in_which_compose_writes_makes_no_difference()
    {
        var turned = (JsonObject)JsonNode.Parse(Model)!;
        var api = (JsonObject)turned["services"]!["api"]!;
        var image = api["image"]!.DeepClone();
        api.Remove("image");
        api["image"] = image;
        BoundModel
            .Of(Given.ComposeOf(turned.ToJsonString(), "1"), "key")
            .ShouldBe(BoundModel.Of(Given.ComposeOf(Model, "1"), "key"));
    }
}
