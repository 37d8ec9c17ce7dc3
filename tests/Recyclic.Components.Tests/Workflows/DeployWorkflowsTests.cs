using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Workflows;

namespace Recyclic.Components.Tests;

/// <summary>What a job needs follows from the environment that it works on.</summary>
public sealed class DeployWorkflowsTests
{
    [Test]
    public Task A_job_on_a_host_has_the_environments_own_secrets_and_its_engine() =>
        AskAsync(places =>
        {
            var place = places.HostPlace("production", nameof(IRollback.Rollback));
            place.Environment.ShouldBe("production");
            place.Url.ShouldBe("https://shop.example");
            place.Arguments.ShouldBe(["--environment", "production"]);
            place.Variables.ShouldBe(["SHOP_REGISTRY", "REGISTRY_USER", "DEPLOY_KNOWN_HOSTS", "PRODUCTION_ENGINE"]);
            place.Secrets.ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "PRODUCTION_DB_PASSWORD", "SLACK_WEBHOOK"]);
            place.Permissions.ShouldBe(Permissions.ReadContents);
            place.Rescue.ShouldNotBeNull().Name.ShouldBe("Recover");
            place
                .RescueSecrets.ShouldNotBeNull()
                .ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "PRODUCTION_DB_PASSWORD"]);
        });

    [Test]
    public Task Only_who_deploys_may_tell_GitHub_and_only_where_releases_are_approved_may_one_be_written() =>
        AskAsync(places =>
        {
            places
                .DeployPlace("staging", nameof(IDeployStaging.DeployStaging))
                .Permissions.ShouldBe(Permissions.ReadContents.And("deployments", "write").And("statuses", "write"));
            var production = places.DeployPlace("production", nameof(IAtomicDeploy.AtomicDeploy));
            production.Permissions.Scopes["contents"].ShouldBe("write");
            production.Secrets.ShouldContain("GITHUB_TOKEN");
        });

    [Test]
    public Task A_gate_reads_both_hosts_and_sees_no_secret_of_the_application() =>
        AskAsync(places =>
        {
            var place = places.GatePlace("production", nameof(IApproveProduction.ApproveProduction));
            place.IsGate.ShouldBeTrue();
            place.Environment.ShouldBe("production-approval");
            place.Variables.ShouldBe([
                "SHOP_REGISTRY",
                "REGISTRY_USER",
                "DEPLOY_KNOWN_HOSTS",
                "PRODUCTION_ENGINE",
                "STAGING_ENGINE",
            ]);
            place.Secrets.ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "GITHUB_TOKEN"]);
            place.Permissions.Scopes.Values.ShouldAllBe(access => access == "read");
        });

    [Test]
    public Task A_gate_whose_hosts_take_a_key_for_approvals_alone_has_that_and_no_other() =>
        AskAsync(places =>
        {
            var gate = places.GatePlace("moon-base", nameof(IApproveProduction.ApproveProduction));
            gate.Secrets.ShouldBe(["REGISTRY_PASSWORD", "APPROVAL_SSH_KEY", "GITHUB_TOKEN"]);
            gate.Variables.ShouldContain("MOON_APPROVAL_HOST");
            // One that takes from a host without such a key needs both.
            places
                .GatePlace("mars", nameof(IApproveProduction.ApproveProduction))
                .Secrets.ShouldBe(["REGISTRY_PASSWORD", "DEPLOY_SSH_KEY", "APPROVAL_SSH_KEY", "GITHUB_TOKEN"]);
        });

    [Test]
    public Task Who_builds_images_reaches_no_host() =>
        AskAsync(places =>
        {
            var place = places.ImagesPlace("staging", nameof(IBuildImages.BuildImages), nameof(IPushImages.PushImages));
            place.Environment.ShouldBeNull();
            place.Secrets.ShouldBe(["REGISTRY_PASSWORD"]);
            place.Variables.ShouldBe(["SHOP_REGISTRY", "REGISTRY_USER"]);
        });

    [Test]
    public Task An_address_that_only_the_host_itself_reaches_is_not_shown() =>
        AskAsync(places => places.HostPlace("staging", nameof(IRollback.Rollback)).Url.ShouldBeNull());

    [Test]
    public Task An_environment_that_is_not_there_is_refused_with_those_that_are() =>
        AskAsync(places =>
            Should
                .Throw<ConfigurationException>(() => places.HostPlace("moon", nameof(IRollback.Rollback)))
                .Message.ShouldContain("Use one of: local, staging, production, moon-base, mars.")
        );

    /// <summary>A build exists inside a run only.</summary>
    private static async Task AskAsync(Action<IDeployWorkflows> ask)
    {
        Shop.Ask.Value = ask;
        var root = new AbsolutePath(Directory.CreateTempSubdirectory("recyclic-places-").FullName);
        try
        {
            using var output = new StringWriter();
            var host = new BuildHost
            {
                Output = output,
                Error = output,
                WorkingDirectory = root,
                RootDirectory = root,
                KeepsReports = false,
            };
            (await RecyclicBuild.RunAsync<Shop>(["Answer"], host, CancellationToken.None)).ShouldBe(
                0,
                output.ToString()
            );
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private sealed class Shop : RecyclicBuild, IDeployWorkflows, IRecover
    {
        public static AsyncLocal<Action<IDeployWorkflows>> Ask { get; } = new();

        public Target Answer => _ => _.Executes(() => Ask.Value!(this));

        public IEnumerable<Workflow> WorkflowDefinitions => [];

        public IEnumerable<string> RegistryVariables => ["SHOP_REGISTRY"];

        IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
            [
                DeployEnvironment.Local,
                new("staging")
                {
                    Engine = EngineAddress.FromVariable("STAGING_ENGINE"),
                    PublicUrl = "http://localhost:8100",
                },
                new("production")
                {
                    Engine = EngineAddress.FromVariable("PRODUCTION_ENGINE"),
                    Secrets = [new("DB_PASSWORD") { From = "PRODUCTION_DB_PASSWORD" }],
                    PublicUrl = "https://shop.example",
                    PromotesFrom = "staging",
                    NeedsApproval = true,
                    Notifications = ["slack"],
                },
                new("moon-base")
                {
                    Engine = EngineAddress.Ssh("deploy@moon.example"),
                    ApprovalHost = EngineAddress.FromVariable("MOON_APPROVAL_HOST"),
                    NeedsApproval = true,
                },
                new("mars")
                {
                    Engine = EngineAddress.Ssh("deploy@mars.example"),
                    ApprovalHost = EngineAddress.Ssh("deploy@mars.example"),
                    PromotesFrom = "staging",
                    NeedsApproval = true,
                },
            ];
    }
}
