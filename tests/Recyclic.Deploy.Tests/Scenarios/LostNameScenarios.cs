using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>
/// An engine that leaves a swarm forgets the names of all containers that run: the edge does not find them any more.
/// </summary>
[CancelAfter(30_000)]
public sealed class LostNameScenarios
{
    private readonly Stage _stage = new();

    [SetUp]
    public async Task SetUp()
    {
        await _stage.DeployAsync("1");
        _stage.Cluster.Change(
            "swarm leave",
            () => _stage.Cluster.Nameless.UnionWith(_stage.Cluster.Containers.Select(container => container.Id))
        );
        _stage.Cluster.SeenNow().ShouldBe("nothing");
    }

    [Test]
    public async Task What_is_observed_says_which_services_users_do_not_reach()
    {
        (await _stage.ObserveAsync()).Unreached.ShouldBe(["api", "web"]);
        _stage.Cluster.SeenNow().ShouldBe("nothing", "to look changes nothing");
    }

    [Test]
    public async Task The_next_command_gives_them_back_and_says_so()
    {
        (await _stage.RecoverAsync()).ShouldBe(
            "the edge does not reach api, web, which users have, although the containers work: their names are lost, as after `docker swarm leave`; they are connected again"
        );
        _stage.Cluster.SeenNow().ShouldBe("1");
        (await _stage.ObserveAsync()).Unreached.ShouldBeEmpty();
        (await _stage.RecoverAsync()).ShouldBeNull();
    }

    [Test]
    public async Task A_deploy_does_so_first()
    {
        (await _stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        _stage.Cluster.SeenNow().ShouldBe("2");
    }

    [Test]
    public async Task A_service_that_is_down_is_not_one_that_the_edge_does_not_find()
    {
        _stage.Cluster.Nameless.Clear();
        _stage.Cluster.Change("crash", () => _stage.Cluster.Stop("api-blue-1-1"));
        (await _stage.ObserveAsync()).Unreached.ShouldBeEmpty();
    }
}
