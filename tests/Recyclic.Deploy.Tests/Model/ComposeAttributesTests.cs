using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class ComposeAttributesTests
{
    private static IEnumerable<string> Kept =>
        ComposeAttributes
            .OfService.Where(attribute => attribute is { Treatment: AttributeTreatment.Kept, Why: "" })
            .Select(attribute => attribute.Name);

    private static IEnumerable<string> LeftOut => ComposeAttributes.LeftOut;

    private static IEnumerable<string> Refused =>
        ComposeAttributes
            .OfService.Where(attribute => attribute.Treatment == AttributeTreatment.Refused)
            .Select(attribute => attribute.Name);

    [Test]
    public void Every_attribute_is_there_once() =>
        ComposeAttributes.OfService.Select(attribute => attribute.Name).ShouldBeUnique();

    [TestCaseSource(nameof(Kept))]
    public void What_is_kept_reaches_a_slot_as_compose_has_it(string attribute) =>
        Slotted(Read(attribute, new JsonObject { ["some"] = "value" }))[attribute]!
            .ToJsonString()
            .ShouldBe("""{"some":"value"}""");

    [TestCaseSource(nameof(LeftOut))]
    public void What_is_left_out_does_not_reach_a_slot(string attribute) =>
        Slotted(Read(attribute, attribute == "scale" ? JsonValue.Create(2) : "value"))
            .ContainsKey(attribute)
            .ShouldBeFalse();

    [TestCaseSource(nameof(Refused))]
    public void What_is_refused_is_refused_by_name(string attribute)
    {
        var problem = Should
            .Throw<ConfigurationException>(() => Read(attribute, "value"))
            .Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe("docker-compose.yml: services.web");
        problem.What.ShouldContain(attribute);
    }

    [Test]
    public void What_is_not_in_the_table_is_refused_by_name()
    {
        var problem = Should
            .Throw<ConfigurationException>(() => Read("quantum", "value"))
            .Problems.ShouldHaveSingleItem();
        problem.What.ShouldBe("it has quantum, and it is not known what that means for two releases side by side");
        Should.NotThrow(() => Read("x-quantum", "value"));
    }

    [TestCase("pid")]
    [TestCase("ipc")]
    public void A_namespace_of_an_accessory_is_refused(string attribute) =>
        Should
            .Throw<ConfigurationException>(() => Read(attribute, "service:db"))
            .Problems.ShouldHaveSingleItem()
            .What.ShouldBe($"`{attribute}: service:db` ties it to an accessory, which is in another project");

    private static Application Read(string attribute, JsonNode value)
    {
        var model = (JsonObject)
            JsonNode.Parse(
                """{ "name": "shop", "services": { "web": { "image": "web:${TAG}", "healthcheck": { "test": ["CMD", "true"] } }, "db": { "image": "db:1" } } }"""
            )!;
        model["services"]!["web"]![attribute] = value;
        return ComposeReader.Read(Given.Model(model), engineIsLocal: true);
    }

    private static JsonObject Slotted(Application app) =>
        (JsonObject)
            SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming("shop"), "t.1")["services"]![
                "web"
            ]!;
}
