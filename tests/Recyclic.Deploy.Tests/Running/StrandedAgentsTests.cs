using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Edge;

namespace Recyclic.Deploy.Tests.Running;

public sealed class StrandedAgentsTests
{
    private const string Holder = "shop-deploy-lock";
    private const long Now = 1_790_000_000;
    private static readonly long Long = (long)StrandedAgents.Age.TotalSeconds + 1;

    [TestCase("lock"), TestCase("queue"), TestCase("reader")]
    public void An_agent_that_was_made_long_ago_and_never_started_is_stranded(string role) =>
        StrandedAgents
            .Of([Entry("0", Holder, "running", "lock", Now), Entry("1", "x", "created", role, Now - Long)], Holder)
            .ShouldBe(["1"]);

    [TestCase("created", "lock", 0, TestName = "One_that_was_just_made_may_yet_start")]
    [TestCase("running", "queue", 1000, TestName = "One_that_runs_waits_for_its_turn")]
    [TestCase("created", "release", 1000, TestName = "A_release_is_no_agent")]
    [TestCase("created", "edge", 1000, TestName = "The_edge_is_no_agent")]
    public void Nothing_else_is(string state, string role, int age) =>
        StrandedAgents
            .Of([Entry("0", Holder, "running", "lock", Now), Entry("1", "x", state, role, Now - age)], Holder)
            .ShouldBeEmpty();

    [Test]
    public void Without_the_holder_nobody_knows_the_engines_time() =>
        StrandedAgents.Of([Entry("1", "x", "created", "lock", Now - Long)], Holder).ShouldBeEmpty();

    [Test]
    public void One_whose_age_is_not_known_is_not_stranded() =>
        StrandedAgents
            .Of(
                [
                    Entry("0", Holder, "running", "lock", Now),
                    new()
                    {
                        ID = "1",
                        State = "created",
                        Labels = new Dictionary<string, string> { ["recyclic.role"] = "lock" },
                    },
                ],
                Holder
            )
            .ShouldBeEmpty();

    private static ContainerListResponse Entry(string id, string name, string state, string role, long created) =>
        new()
        {
            ID = id,
            Names = ["/" + name],
            State = state,
            Created = DateTimeOffset.FromUnixTimeSeconds(created).UtcDateTime,
            Labels = new Dictionary<string, string> { ["recyclic.app"] = "shop", ["recyclic.role"] = role },
        };
}
