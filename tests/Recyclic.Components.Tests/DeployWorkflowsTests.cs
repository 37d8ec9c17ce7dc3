using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Workflows;

namespace Recyclic.Components.Tests;

/// <summary>What a job needs follows from the environment that it works on.</summary>
public sealed class DeployWorkflowsTests
{
    private readonly Shop _shop = new();

    private IDeployWorkflows Places => _shop;

    [Test]
    public void A_job_on_a_host_has_the_environments_own_secrets_and_its_engine()
    {
        var place = Places.HostPlace("production", nameof(IRollback.Rollback));
        place.Environment.ShouldBe("production");
        place.Url.ShouldBe("https://shop.example");
        place.Arguments.ShouldBe(["--environment", "production"]);
        place.Variables.ShouldBe(["SHOP_REGISTRY", "REGISTRY_USER", "DEPLOY_KNOWN_HOSTS", "PRODUCTION_ENGINE"]);
        place.Secrets.ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "PRODUCTION_DB_PASSWORD", "SLACK_WEBHOOK"]);
        place.Permissions.ShouldBe(Permissions.ReadContents);
        place.Rescue.ShouldNotBeNull().Name.ShouldBe("Recover");
        place.RescueSecrets.ShouldNotBeNull().ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "PRODUCTION_DB_PASSWORD"]);
    }

    [Test]
    public void Only_who_deploys_may_tell_GitHub_and_only_where_releases_are_approved_may_one_be_written()
    {
        Places.DeployPlace("staging", nameof(IDeployStaging.DeployStaging)).Permissions.ShouldBe(Permissions.ReadContents.And("deployments", "write").And("statuses", "write"));
        var production = Places.DeployPlace("production", nameof(IAtomicDeploy.AtomicDeploy));
        production.Permissions.Scopes["contents"].ShouldBe("write");
        production.Secrets.ShouldContain("GITHUB_TOKEN");
    }

    [Test]
    public void A_gate_reads_both_hosts_and_sees_no_secret_of_the_application()
    {
        var place = Places.GatePlace("production", nameof(IApproveProduction.ApproveProduction));
        place.IsGate.ShouldBeTrue();
        place.Environment.ShouldBe("production-approval");
        place.Variables.ShouldBe(["SHOP_REGISTRY", "REGISTRY_USER", "DEPLOY_KNOWN_HOSTS", "PRODUCTION_ENGINE", "STAGING_ENGINE"]);
        place.Secrets.ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "GITHUB_TOKEN"]);
        place.Permissions.Scopes.Values.ShouldAllBe(access => access == "read");
    }

    [Test]
    public void Who_builds_images_reaches_no_host()
    {
        var place = Places.ImagesPlace("staging", nameof(IBuildImages.BuildImages), nameof(IPushImages.PushImages));
        place.Environment.ShouldBeNull();
        place.Secrets.ShouldBe(["REGISTRY_PASSWORD"]);
        place.Variables.ShouldBe(["SHOP_REGISTRY", "REGISTRY_USER"]);
    }

    [Test]
    public void An_address_that_only_the_host_itself_reaches_is_not_shown() => Places.HostPlace("staging", nameof(IRollback.Rollback)).Url.ShouldBeNull();

    [Test]
    public void An_environment_that_is_not_there_is_refused_with_those_that_are() =>
        Should.Throw<ConfigurationException>(() => Places.HostPlace("moon", nameof(IRollback.Rollback))).Message.ShouldContain("Use one of: local, staging, production.");

    private sealed class Shop : RecyclicBuild, IDeployWorkflows, IRecover
    {
        public IEnumerable<Workflow> WorkflowDefinitions => [];

        public IEnumerable<string> RegistryVariables => ["SHOP_REGISTRY"];

        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
        [
            DeployEnvironment.Local,
            new("staging") { Engine = EngineAddress.FromVariable("STAGING_ENGINE"), PublicUrl = "http://localhost:8100" },
            new("production")
            {
                Engine = EngineAddress.FromVariable("PRODUCTION_ENGINE"),
                Secrets = [new("DB_PASSWORD") { From = "PRODUCTION_DB_PASSWORD" }],
                PublicUrl = "https://shop.example",
                PromotesFrom = "staging",
                NeedsApproval = true,
                Notifications = ["slack"],
            },
        ];
    }
}
