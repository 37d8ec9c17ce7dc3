using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Applications without a health check, as most files are.</summary>
[CancelAfter(30_000)]
internal sealed class WeakGateScenarios
{
    private const string Model = """
        {
          "name": "plain",
          "services": {
            "web": { "image": "team/web:${TAG}", "ports": [{ "target": 80, "published": "4444", "protocol": "tcp" }] },
            "worker": { "image": "team/worker:${TAG}" }
          }
        }
        """;

    [Test]
    public async Task They_are_deployed_upgraded_and_rolled_back()
    {
        var stage = new Stage(Model);
        foreach (var tag in new[] { "1", "2" })
            (await stage.DeployAsync(tag)).ExitCode.ShouldBe(0);
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.Seen.ShouldBe(["nothing", "1", "2", "1"]);
        stage.Cluster.Asked.Keys.ShouldAllBe(id => id.StartsWith("web-", StringComparison.Ordinal));
    }

    [TestCase("sha256:web-2", Fate.StaysStarting, "plain--green-web-1 was not healthy after 0.3 s")]
    [TestCase("sha256:web-2", Fate.Exits, "plain--green-web-1 exited with code 1")]
    [TestCase("sha256:worker-2", Fate.Exits, "plain--green-worker-1 exited with code 1")]
    [TestCase("sha256:web-2", Fate.SickensInService, "plain--green-web-1 answers 503 to GET / on port 80")]
    public async Task A_release_that_does_not_work_leaves_users_where_they_are(string image, Fate fate, string reason)
    {
        var stage = new Stage(Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Fates[image] = fate;
        stage.Options = stage.Options with
        {
            DeployTimeout = fate == Fate.StaysStarting ? TimeSpan.FromSeconds(0.3) : TimeSpan.FromSeconds(10),
        };
        var outcome = await stage.DeployAsync("2");
        outcome.ExitCode.ShouldBe(1);
        outcome.Failure!.Cause.Message.ShouldBe(reason);
        stage.Cluster.SeenNow().ShouldBe("1");
    }

    [Test]
    public async Task Where_health_checks_are_required_nothing_is_touched()
    {
        var stage = new Stage(Model)
        {
            RequiresHealthChecks = true,
            Admission = new AdmissionRule("production", false),
        };
        var refused = await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"));
        refused.Message.ShouldContain(
            "service web: it has no health check, and production requires one (RequireHealthChecks)"
        );
        refused.Message.ShouldContain("x-recyclic: { health: /healthz }");
        stage.Cluster.Changes.ShouldBeEmpty();
    }

    [Test]
    public async Task A_health_check_that_only_the_image_has_counts()
    {
        var stage = new Stage(Model) { RequiresHealthChecks = true };
        foreach (var image in new[] { "team/web:1", "team/worker:1" })
            stage.Cluster.ImageChecks[image] = new HealthCheck { Test = ["CMD", "/probe"] };
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Containers.ShouldAllBe(container => container.Health == "healthy");
        stage.Cluster.Asked.ShouldBeEmpty();
    }
}
