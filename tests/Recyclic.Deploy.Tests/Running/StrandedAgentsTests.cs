using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Edge;

namespace Recyclic.Deploy.Tests.Running;

public sealed class StrandedAgentsTests
{
    private const string Holder = "shop-deploy-lock";
    private const long Now = 1_790_000_000;
    private static readonly long Long = (long)StrandedAgents.Age.TotalSeconds + 1;

    [TestCase("lock"), TestCase("queue"), TestCase("reader")]
    public void An_agent_that_was_made_long_ago_and_never_started_is_stranded(string role) =>
        StrandedAgents.Of(Listed(Entry("0", Holder, "running", "lock", Now), Entry("1", "x", "created", role, Now - Long)), Holder).ShouldBe(["1"]);

    [TestCase("created", "lock", 0, TestName = "One_that_was_just_made_may_yet_start")]
    [TestCase("running", "queue", 1000, TestName = "One_that_runs_waits_for_its_turn")]
    [TestCase("created", "release", 1000, TestName = "A_release_is_no_agent")]
    [TestCase("created", "edge", 1000, TestName = "The_edge_is_no_agent")]
    public void Nothing_else_is(string state, string role, int age) =>
        StrandedAgents.Of(Listed(Entry("0", Holder, "running", "lock", Now), Entry("1", "x", state, role, Now - age)), Holder).ShouldBeEmpty();

    [Test]
    public void Without_the_holder_nobody_knows_the_engines_time() =>
        StrandedAgents.Of(Listed(Entry("1", "x", "created", "lock", Now - Long)), Holder).ShouldBeEmpty();

    [TestCase("[null, 3, {}, {\"Names\": 1, \"State\": [], \"Labels\": \"\", \"Created\": \"yesterday\"}]")]
    [TestCase("[{\"Names\": [\"/shop-deploy-lock\"]}, {\"State\": \"created\", \"Labels\": {\"recyclic.role\": \"lock\"}}]")]
    public void An_answer_that_is_not_understood_strands_nobody(string json) =>
        StrandedAgents.Of(JsonNode.Parse(json)!.AsArray(), Holder).ShouldBeEmpty();

    /// <summary>As it comes from the engine, by way of its text.</summary>
    private static JsonArray Listed(params JsonObject[] entries) => JsonNode.Parse(new JsonArray([.. entries]).ToJsonString())!.AsArray();

    private static JsonObject Entry(string id, string name, string state, string role, long created) => new()
    {
        ["Id"] = id,
        ["Names"] = new JsonArray("/" + name),
        ["State"] = state,
        ["Created"] = created,
        ["Labels"] = new JsonObject { ["recyclic.app"] = "shop", ["recyclic.role"] = role },
    };
}
