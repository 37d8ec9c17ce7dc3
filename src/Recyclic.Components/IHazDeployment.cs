using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Components.Environments.Adapters;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>
/// What every deployment target shares: which application, which version, where to, and how patiently.
/// </summary>
public partial interface IHazDeployment : IRecyclicBuild
{
    /// <summary>
    /// What the command line, variables and parameter files say of the deployment. A build class may say more:
    /// <c>DeploymentParameters IHazDeployment.Deployment => DeploymentParameters.Of(this) with { Registry =
    /// "registry.example" };</c> </summary>
    DeploymentParameters Deployment => DeploymentParameters.Of(this);

    /// <summary>
    /// The compose file when neither <c>--compose-file</c>, nor the environment, nor COMPOSE_FILE names one. As it is
    /// here, the file is found in the root directory as docker compose finds it there, with its override file; a build
    /// class may say otherwise, and then the COMPOSE_FILE of .env does not count. </summary>
    AbsolutePath DefaultComposeFile => RootDirectory / "docker-compose.yml";

    /// <summary>
    /// Where this build can deploy to; default: the local engine (or the one that DOCKER_HOST names) alone.
    /// </summary>
    IReadOnlyList<DeployEnvironment> DeployEnvironments => [DeployEnvironment.Local];

    /// <summary>The environment that DeployStaging deploys to; default: `staging`.</summary>
    string StagingName => "staging";

    /// <summary>What <c>--environment</c> names.</summary>
    /// <exception cref="ConfigurationException">There is none of that name, or the environments of the build have
    /// mistakes.</exception>
    sealed DeployEnvironment TargetEnvironment =>
        FindEnvironment(Deployment.Environment ?? DeployEnvironment.Local.Name);

    /// <summary>
    /// The environment that images are built and pushed for: staging when it is deployed to in this run, else
    /// <see cref="TargetEnvironment"/>.
    /// </summary>
    sealed DeployEnvironment ImageEnvironment
    {
        get
        {
            var environment = IsToStage ? FindEnvironment(StagingName) : TargetEnvironment;
            // With a registry in between, images are made where the build runs and travel from there.
            if (RegistryOf(environment) is not null)
                return environment with { Engine = EngineAddress.Local };
            // Told before anything is built; and not that of an engine something is missing, which no image would
            // reach.
            return InvokedTargets.Any(target => target.Name == nameof(IPushImages.PushImages))
                ? throw new ConfigurationException(
                    "--registry",
                    $"there is no registry to push to for {environment.Name}",
                    "Name it: --registry <host:port>, or in the environment: Registry = \"host:port\", or by the variable that the environment reads it from."
                )
                : environment;
        }
    }

    /// <inheritdoc cref="TargetEnvironment"/>
    sealed DeployEnvironment FindEnvironment(string name)
    {
        EnvironmentCheck.Throw(DeployEnvironments);
        return DeployEnvironments.FirstOrDefault(environment =>
                environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            )
            ?? throw new ConfigurationException(
                "--environment",
                $"this build has no environment {name}",
                $"Use one of: {string.Join(", ", DeployEnvironments.Select(environment => environment.Name))}; or add it to the build class, IHazDeployment.DeployEnvironments."
            );
    }

    /// <summary>
    /// Whether images of this run travel by a registry; false also where there is no such environment, which is said
    /// elsewhere.
    /// </summary>
    sealed bool HasRegistry =>
        Deployment.Registry is not null
        || DeployEnvironments.Any(environment =>
            environment.Registry is not null
            && environment.Name == (IsToStage ? StagingName : Deployment.Environment ?? DeployEnvironment.Local.Name)
        );

    /// <summary>
    /// Whether the images of a deploy come ready from its environment's registry, so that none is built here.
    /// </summary>
    sealed bool HasImagesInRegistry =>
        HasRegistry
        && Deployment.Registry is null
        && !ExecutionPlan.Any(target => target.Name == nameof(IPushImages.PushImages));

    private bool IsToStage => ExecutionPlan.Any(target => target.Name == nameof(IDeployStaging.DeployStaging));

    /// <summary>An environment with what the variables of this build add to it.</summary>
    sealed EffectiveEnvironment Effective(DeployEnvironment environment) =>
        EffectiveEnvironment.Of(environment, EnvironmentVariables, SecretFiles.TryRead);

    /// <exception cref="ConfigurationException">What was given cannot be a registry.</exception>
    sealed string? RegistryOf(DeployEnvironment environment)
    {
        var registry = Deployment.Registry ?? environment.Registry;
        if (registry is not null && RegistryAddress.WhyNoPlace(registry) is { } why)
            throw new ConfigurationException(
                "--registry",
                why,
                "Write host[:port][/path], for example registry.example:5000 or registry.example/team."
            );
        return registry;
    }

    /// <summary>How patient a deploy is by the command line alone, where it goes to the local engine.</summary>
    sealed DeployOptions DeployOptions => OptionsOf(DeployEnvironment.Local);

    /// <summary>
    /// How patient a deploy is: by the command line, or else by the environment, or else as everywhere.
    /// </summary>
    sealed DeployOptions OptionsOf(DeployEnvironment environment)
    {
        var options = OtherOptionsOf(environment);
        return (Deployment.DeployTimeout ?? environment.Strategy.DeployTimeout) is { } timeout
            ? options with
            {
                DeployTimeout = timeout,
            }
            : options;
    }

    private DeployOptions OtherOptionsOf(DeployEnvironment environment) =>
        new()
        {
            HealthCheckInterval =
                (Deployment.HealthCheckInterval ?? environment.Strategy.HealthCheckInterval) is { } interval
                && interval > TimeSpan.Zero
                    ? interval
                    : null,
            DrainTimeout = Deployment.DrainTimeout ?? environment.Strategy.DrainTimeout ?? TimeSpan.FromSeconds(30),
            Watch = Deployment.Watch ?? environment.Strategy.Watch ?? new DeployOptions().Watch,
            KeepWarm = Deployment.KeepWarm || environment.Strategy.KeepWarm,
        };
}
