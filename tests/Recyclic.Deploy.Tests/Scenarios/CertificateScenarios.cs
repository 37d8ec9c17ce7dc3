using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Certificates come with a deploy, or by themselves; a new one is no deploy.</summary>
[CancelAfter(60_000)]
internal sealed class CertificateScenarios
{
    private const string Model = """
        {
          "name": "shop",
          "services": {
            "web": {
              "image": "team/web:${TAG}",
              "healthcheck": { "test": ["CMD", "true"] },
              "ports": [{ "target": 8000, "published": "443", "protocol": "tcp" }],
              "x-recyclic": { "host": "shop.example.org", "tls": { "certificate": "./shop.pem" } }
            }
          }
        }
        """;

    private const string OtherHost = "blog.example.org";

    [Test]
    public async Task A_deploy_brings_them_and_the_next_one_has_nothing_to_bring()
    {
        var stage = new Stage(Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Values.ShouldHaveSingleItem().Hosts.ShouldBe(["shop.example.org"]);
        (await stage.PlanAsync("2")).Steps.ShouldNotContain(step => step.Action is PutCertificates);
        (await stage.ObserveAsync()).Certificates.ShouldBe(stage.Cluster.Certificates.Values);
    }

    [Test]
    public async Task One_that_has_changed_is_put_in_place_without_a_deploy()
    {
        var stage = new Stage(Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        var (name, wanted) = stage.Cluster.Certificates.Single();
        stage.Cluster.Certificates[name] = wanted with { Fingerprint = "old" };
        stage.Cluster.Changes.Clear();
        (await PutAsync(stage, isDry: true)).Put.ShouldBe([wanted]);
        stage.Cluster.Certificates[name].Fingerprint.ShouldBe("old");
        (await PutAsync(stage)).Put.ShouldBe([wanted]);
        stage.Cluster.Changes.Where(change => change != "time passes").ShouldBe([$"certificate {name}"]);
        stage.Cluster.Certificates[name].ShouldBe(wanted);
        (await PutAsync(stage)).Kept.ShouldBe([wanted]);
    }

    [Test]
    public async Task One_for_another_host_waits_for_a_deploy()
    {
        var stage = new Stage(Model);
        (await stage.DeployAsync("1")).ExitCode.ShouldBe(0);
        var before = stage.Cluster.Certificates.Keys.Single();
        stage.Model = Model.Replace("shop.example.org", OtherHost, StringComparison.Ordinal);
        var change = await PutAsync(stage);
        change.Put.ShouldBeEmpty();
        change.Kept.ShouldBeEmpty();
        change.Waiting.ShouldHaveSingleItem().Hosts.ShouldBe([OtherHost]);
        stage.Cluster.Certificates.Keys.ShouldBe([before]);

        (await stage.DeployAsync("2")).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.Count.ShouldBe(2, "the release before may be returned to");
        (await stage.RollbackAsync()).ExitCode.ShouldBe(0);
        stage.Cluster.Certificates.ShouldContainKey(before);
    }

    [Test]
    public async Task Where_nothing_is_deployed_there_is_nobody_to_give_one_to() =>
        (await Should.ThrowAsync<ConfigurationException>(() => PutAsync(new Stage(Model)))).Message.ShouldContain(
            "nothing is deployed"
        );

    private static Task<CertificateChange> PutAsync(Stage stage, bool isDry = false) =>
        stage.RunAsync(
            null,
            (deployer, interrupted) =>
                deployer.PutCertificatesAsync(
                    stage.App,
                    new("docker-compose.yml", null, null, null, "ann@laptop", false, stage.Options),
                    isDry,
                    interrupted
                )
        );
}
