using Recyclic.Bench;

namespace Recyclic.Load.Tests;

/// <summary>The comparison with Swarm harms nobody else's containers.</summary>
public sealed class SwarmSafetyTests
{
    [Test]
    public void A_swarm_is_not_made_and_left_where_others_run()
    {
        SwarmSafety
            .Refusal("inactive", ["shop-edge"])
            .ShouldBe(
                "the peer swarm makes this engine join a swarm and leave it, which takes the names from all running containers, and shop-edge runs here. "
                    + "The engine was left as it is. Use a machine where nothing else runs, or leave it out: --peers compose,bash,recyclic"
            );
        SwarmSafety
            .Refusal("inactive", ["b", "a", "c", "bench-compose-api-1", "d", "e", "f"])
            .ShouldNotBeNull()
            .ShouldContain("and a, b, c, d, e and 1 more run here");
    }

    [Test]
    public void It_is_made_where_nothing_but_the_comparison_runs() =>
        SwarmSafety.Refusal("inactive", ["bench-compose-api-1", "bench-edge"]).ShouldBeNull();

    [Test]
    public void An_engine_that_is_in_a_swarm_already_stays_in_it() =>
        SwarmSafety.Refusal("active", ["shop-edge"]).ShouldBeNull();
}
