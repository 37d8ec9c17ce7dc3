using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>The container in which a command of a smoke test runs. Pure.</summary>
internal sealed class SmokeModelTests
{
    private static JsonObject Service
    {
        get
        {
            var release = Given.Release(Given.Store, "2");
            var model = SlotModel.ForSlot(Given.Store, Slot.Green, release, null, new Naming("store"), "mark.1");
            ((JsonObject)model["services"]!["api"]!)["volumes"] = new JsonArray("data:/data");
            ((JsonObject)model["services"]!["api"]!)["environment"] = new JsonObject { ["DB"] = "postgres" };
            SmokeModel.Add(model, "api", ["check", "--price", "$5"]);
            return (JsonObject)model["services"]![Naming.SmokeService]!;
        }
    }

    [Test]
    public void It_has_the_image_the_variables_and_the_volumes_of_its_service()
    {
        Service["image"]!.GetValue<string>().ShouldBe("sha256:api-2");
        Service["environment"]!["DB"]!.GetValue<string>().ShouldBe("postgres");
        Service["volumes"]!.AsArray().Count.ShouldBe(1);
        Service["networks"]!.AsObject().Count.ShouldBeGreaterThan(0);
    }

    [Test]
    public void It_runs_the_command_alone_and_once()
    {
        Service["entrypoint"]!.ToJsonString().ShouldBe("""["check","--price","$$5"]""");
        Service["command"]!.AsArray().ShouldBeEmpty();
        Service["restart"]!.GetValue<string>().ShouldBe("no");
    }

    [Test]
    public void Nobody_finds_it_and_nothing_takes_it_for_the_service()
    {
        Service["networks"]!
            .AsObject()
            .Select(network => network.Value)
            .OfType<JsonObject>()
            .ShouldAllBe(network => !network.ContainsKey("aliases"));
        Service.ContainsKey("ports").ShouldBeFalse();
        var labels = Service["labels"]!.AsObject();
        labels.ContainsKey(Naming.RoutesLabel).ShouldBeFalse();
        labels[Naming.OneOffLabel]!.GetValue<string>().ShouldBe("true");
        labels[Naming.SlotLabel]!.GetValue<string>().ShouldBe("green");
        labels[Naming.RoleLabel]!.GetValue<string>().ShouldBe(Naming.ReleaseRole);
    }
}
