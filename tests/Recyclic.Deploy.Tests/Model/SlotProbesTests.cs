using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>Which containers tell by their port when their health check is worth running.</summary>
internal sealed class SlotProbesTests
{
    private const string Check = "\"healthcheck\": { \"test\": [\"CMD\", \"true\"], \"interval\": \"5s\" }";
    private const string Ports = "\"ports\": [{ \"target\": 8000, \"published\": \"8000\" }]";

    [Test]
    public void One_with_a_port_is_rarely_probed_by_the_engine_and_one_without_often()
    {
        var slot = ModelOf(
            $$"""
            "web": { "image": "web:${TAG}", {{Ports}}, {{Check}} },
            "worker": { "image": "worker:${TAG}", {{Check}} }
            """
        );
        (Listens(slot, "web"), Interval(slot, "web")).ShouldBe(("8000", "1000ms"));
        (Listens(slot, "worker"), Interval(slot, "worker")).ShouldBe((null, "100ms"), "as if it started alone");
    }

    [Test]
    public void A_port_that_only_the_health_check_names_tells_too()
    {
        var slot = ModelOf(
            $$"""
            "web": { "image": "web:${TAG}", {{Ports}}, {{Check}} },
            "worker": { "image": "worker:${TAG}", "healthcheck": {
              "test": ["CMD-SHELL", "curl -f http://localhost:9090/healthz"], "interval": "5s" } }
            """
        );
        (Listens(slot, "worker"), Interval(slot, "worker")).ShouldBe(("9090", "1000ms"));
    }

    [Test]
    public void One_that_others_wait_for_by_the_engines_word_is_probed_often()
    {
        var slot = ModelOf(
            $$"""
            "web": { "image": "web:${TAG}", {{Ports}}, {{Check}}, "depends_on": { "api": { "condition": "service_healthy" } } },
            "api": { "image": "api:${TAG}", "expose": ["8000"], {{Check}}, "depends_on": { "base": { "condition": "service_started" } } },
            "base": { "image": "base:${TAG}", "ports": [{ "target": 8000, "published": "8001" }], {{Check}} }
            """
        );
        (Listens(slot, "api"), Interval(slot, "api")).ShouldBe((null, "100ms"));
        (Listens(slot, "base"), Interval(slot, "base")).ShouldBe(("8000", "1000ms"), "its start is enough");
    }

    [Test]
    public void Nothing_tells_where_there_is_no_edge_to_look_or_no_health_check()
    {
        Listens(ModelOf($$""" "worker": { "image": "worker:${TAG}", "expose": ["8000"], {{Check}} } """), "worker")
            .ShouldBeNull();
        Listens(ModelOf($$""" "web": { "image": "web:${TAG}", {{Ports}} } """), "web").ShouldBeNull();
    }

    [Test]
    public void How_often_a_file_says_stays()
    {
        var slot = ModelOf(
            $$"""
            "web": { "image": "web:${TAG}", {{Ports}}, "healthcheck": {
              "test": ["CMD", "true"], "interval": "5s", "start_interval": "300ms" } }
            """
        );
        (Listens(slot, "web"), Interval(slot, "web")).ShouldBe(("8000", "300ms"));
    }

    private static JsonObject ModelOf(string services)
    {
        var app = Given.App($$"""{ "name": "shop", "services": { {{services}} } }""");
        return SlotModel.ForSlot(app, Slot.Blue, Given.Release(app, "1"), null, new Naming("shop"), "t.1");
    }

    private static string? Listens(JsonNode slot, string service) =>
        slot["services"]![service]!["labels"]![Naming.ListensLabel]?.ToString();

    private static string Interval(JsonNode slot, string service) =>
        slot["services"]![service]!["healthcheck"]!["start_interval"]!.ToString();
}
