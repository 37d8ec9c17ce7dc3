using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components.Tests;

/// <summary>Where a run deploys to, by which registry and how patiently.</summary>
public sealed class DeploymentResolverTests
{
    private static readonly DeployEnvironment Staging = new("staging")
    {
        Engine = EngineAddress.Ssh("deploy@staging.example"),
        Registry = "registry.example/team",
        Strategy = new()
        {
            DeployTimeout = TimeSpan.FromSeconds(200),
            HealthCheckInterval = TimeSpan.FromSeconds(3),
            DrainTimeout = TimeSpan.FromSeconds(7),
            Watch = TimeSpan.FromSeconds(9),
            KeepWarm = true,
        },
    };

    private static readonly DeployEnvironment Production = new("production")
    {
        Engine = EngineAddress.Ssh("deploy@shop.example"),
    };

    [Test]
    public void Without_a_word_it_is_the_local_environment() => Of(new()).Target.ShouldBe(DeployEnvironment.Local);

    [Test]
    public void The_option_names_the_environment_in_any_case() =>
        Of(new() { Environment = "Staging" }).Target.ShouldBe(Staging);

    [Test]
    public void A_name_that_no_environment_has_is_refused_with_those_that_there_are() =>
        Should
            .Throw<ConfigurationException>(() => Of(new() { Environment = "mars" }).Target)
            .Message.ShouldContain("local, staging, production");

    [Test]
    public void Environments_with_mistakes_are_refused_whichever_is_asked_for() =>
        Should
            .Throw<ConfigurationException>(() =>
                new DeploymentResolver(new(), [DeployEnvironment.Local, new("No Name")], "staging").Target
            )
            .Message.ShouldContain("'No Name'");

    [Test]
    public void Images_are_made_for_the_environment_that_is_deployed_to() =>
        Of(new() { Environment = "production" }).ForImages.ShouldBe(Production);

    [Test]
    public void They_are_made_for_staging_where_the_run_stages() =>
        Staged(new() { Environment = "production" }).ForImages.Name.ShouldBe("staging");

    [Test]
    public void Images_that_travel_by_a_registry_are_made_where_the_build_runs()
    {
        Staged(new()).ForImages.Engine.ShouldBe(EngineAddress.Local);
        Of(new() { Environment = "production", Registry = "r.example" })
            .ForImages.ShouldBe(Production with { Engine = EngineAddress.Local });
    }

    [Test]
    public void A_push_that_has_no_registry_is_refused_and_a_build_is_not()
    {
        var resolver = Of(new() { Environment = "production" });
        Should
            .Throw<ConfigurationException>(() =>
                (resolver with { Invoked = [nameof(IPushImages.PushImages)] }).ForImages
            )
            .Message.ShouldContain("no registry to push to for production");
        (resolver with { Planned = [nameof(IPushImages.PushImages)] }).ForImages.ShouldBe(Production);
    }

    [Test]
    public void There_is_a_registry_where_an_option_or_the_environment_of_the_run_has_one()
    {
        Of(new()).HasRegistry.ShouldBeFalse();
        Of(new() { Registry = "r.example" }).HasRegistry.ShouldBeTrue();
        Of(new() { Environment = "staging" }).HasRegistry.ShouldBeTrue();
        Staged(new()).HasRegistry.ShouldBeTrue();
        Of(new() { Environment = "mars" }).HasRegistry.ShouldBeFalse();
    }

    [Test]
    public void Images_come_ready_from_an_environments_registry_unless_this_run_puts_them_there()
    {
        var resolver = Of(new() { Environment = "staging" });
        resolver.HasImagesInRegistry.ShouldBeTrue();
        (resolver with { Planned = [nameof(IPushImages.PushImages)] }).HasImagesInRegistry.ShouldBeFalse();
        Of(new() { Environment = "staging", Registry = "r.example" }).HasImagesInRegistry.ShouldBeFalse();
        Of(new()).HasImagesInRegistry.ShouldBeFalse();
    }

    [Test]
    public void The_registry_of_the_option_counts_before_the_environments()
    {
        Of(new()).RegistryOf(Production).ShouldBeNull();
        Of(new()).RegistryOf(Staging).ShouldBe("registry.example/team");
        Of(new() { Registry = "r.example" }).RegistryOf(Staging).ShouldBe("r.example");
    }

    [Test]
    public void What_cannot_be_a_registry_is_refused() =>
        Should
            .Throw<ConfigurationException>(() => Of(new() { Registry = "https://r.example" }).RegistryOf(Production))
            .Message.ShouldContain("--registry");

    [Test]
    public void A_deploy_is_as_patient_as_anywhere_where_nobody_says_otherwise() =>
        Of(new()).OptionsOf(Production).ShouldBe(new DeployOptions());

    [Test]
    public void A_time_that_nobody_asked_for_still_grows_with_the_slowest_health_check()
    {
        TimeSpan?[] patience = [TimeSpan.FromMinutes(10)];
        Of(new()).OptionsOf(Production).Allowing(patience).DeployTimeout.ShouldBe(TimeSpan.FromMinutes(10));
        Of(new()).OptionsOf(Staging).Allowing(patience).DeployTimeout.ShouldBe(TimeSpan.FromSeconds(200));
    }

    [Test]
    public void The_environment_says_how_patient_a_deploy_is() =>
        Of(new())
            .OptionsOf(Staging)
            .ShouldBe(
                new DeployOptions
                {
                    DeployTimeout = TimeSpan.FromSeconds(200),
                    HealthCheckInterval = TimeSpan.FromSeconds(3),
                    DrainTimeout = TimeSpan.FromSeconds(7),
                    Watch = TimeSpan.FromSeconds(9),
                    KeepWarm = true,
                }
            );

    [Test]
    public void The_command_line_counts_before_the_environment() =>
        Of(
                new()
                {
                    DeployTimeout = TimeSpan.FromSeconds(20),
                    HealthCheckInterval = TimeSpan.Zero,
                    DrainTimeout = TimeSpan.FromSeconds(1),
                    Watch = TimeSpan.Zero,
                }
            )
            .OptionsOf(Staging)
            .ShouldBe(
                new DeployOptions
                {
                    DeployTimeout = TimeSpan.FromSeconds(20),
                    HealthCheckInterval = null,
                    DrainTimeout = TimeSpan.FromSeconds(1),
                    Watch = TimeSpan.Zero,
                    KeepWarm = true,
                }
            );

    private static DeploymentResolver Of(DeploymentParameters given) =>
        new(given, [DeployEnvironment.Local, Staging, Production], "staging");

    private static DeploymentResolver Staged(DeploymentParameters given) =>
        Of(given) with
        {
            Planned = [nameof(IDeployStaging.DeployStaging)],
        };
}
