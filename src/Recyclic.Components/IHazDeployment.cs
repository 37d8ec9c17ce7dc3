using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Components.Environments.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>What every deployment target shares: which application, which version, where to, and how patiently.</summary>
public interface IHazDeployment : IRecyclicBuild
{
    [Parameter("Image tag of the release, by custom the commit's 7 hex digits; default: HEAD's")]
    ReleaseTag? Tag => TryGetValue(() => Tag);

    [Parameter("Where to, by an environment's name; default: local")]
    string? Environment => TryGetValue(() => Environment);

    [Parameter("Registry of the images, host[:port][/path]; default: the environment's, or the engine's own store")]
    string? Registry => TryGetValue(() => Registry);

    [Parameter("User of the registry; default: the login that docker has")]
    string? RegistryUser => TryGetValue(() => RegistryUser);

    [Parameter("Password or token of the registry"), Secret]
    string? RegistryPassword => TryGetValue(() => RegistryPassword);

    [Parameter("Private key for hosts that are reached by ssh; default: what ssh finds by itself"), Secret]
    string? DeploySshKey => TryGetValue(() => DeploySshKey);

    [Parameter("Lines of known_hosts for hosts that are reached by ssh; default: those that ssh knows")]
    string? DeployKnownHosts => TryGetValue(() => DeployKnownHosts);

    [Parameter("Compose file of the application, and again for each that is merged over it; default: as docker compose finds them", OneValueEach = true, PrefixedOnly = true)]
    AbsolutePath[]? ComposeFile => TryGetValue(() => ComposeFile);

    [Parameter("File of variables for the compose files instead of .env, and again for each further one", OneValueEach = true, PrefixedOnly = true)]
    AbsolutePath[]? EnvFile => TryGetValue(() => EnvFile);

    [Parameter("Profile of the compose files to enable, and again for each further one; default: COMPOSE_PROFILES", OneValueEach = true, Separator = ",", PrefixedOnly = true)]
    string[]? ComposeProfile => TryGetValue(() => ComposeProfile);

    [Parameter("Variable of the compose files that the release's tag goes into; default: their x-recyclic.tag-variable, or TAG")]
    string? TagVariable => TryGetValue(() => TagVariable);

    [Parameter("Services to release, and no others; default: as the compose files say", Name = "release", OneValueEach = true, Separator = ",", PrefixedOnly = true)]
    string[]? ReleasedServices => TryGetValue(() => ReleasedServices);

    [Parameter("Image of a service whose image is one variable, without its tag: api=registry.example/team/api; again for each", Name = "image", OneValueEach = true, PrefixedOnly = true)]
    string[]? ServiceImages => TryGetValue(() => ServiceImages);

    [Parameter("Refuse variables of the compose files that are not set, instead of saying which")]
    bool StrictVariables => TryGetValue(() => StrictVariables);

    [Parameter("Name of the application; default: the compose file's own")]
    string? Project => TryGetValue(() => Project);

    [Parameter("How long a health gate waits; default: 120, or as long as the slowest health check allows a start to take")]
    TimeSpan? DeployTimeout => TryGetValue(() => DeployTimeout);

    [Parameter("At most this long between health probes; default: as the compose file says")]
    TimeSpan? HealthCheckInterval => TryGetValue(() => HealthCheckInterval);

    [Parameter("How long open sessions may last after the cutover; default: 30")]
    TimeSpan? DrainTimeout => TryGetValue(() => DrainTimeout);

    [Parameter("A deploy is over when the new containers have been up this long and are healthy; 0: at the cutover; default: 2.5")]
    TimeSpan? Watch => TryGetValue(() => Watch);

    [Parameter("Keep the previous release running, without traffic, until the next deploy or Retire")]
    bool KeepWarm => TryGetValue(() => KeepWarm);

    [Parameter("Queue behind a deploy that is at work instead of failing with exit code 4")]
    bool Wait => TryGetValue(() => Wait);

    [Parameter("Name of the application that this deploy may replace whole: all its services, or all its ports")]
    string? Replace => TryGetValue(() => Replace);

    [Parameter("Do not ask for confirmation")]
    bool Yes => TryGetValue(() => Yes);

    /// <summary>
    /// The compose file when neither <c>--compose-file</c>, nor the environment, nor COMPOSE_FILE names one. As it is here, the file is found in the
    /// root directory as docker compose finds it there, with its override file; a build class may say otherwise, and then the COMPOSE_FILE of .env does not count.
    /// </summary>
    AbsolutePath DefaultComposeFile => RootDirectory / "docker-compose.yml";

    /// <summary>Where this build can deploy to; default: the local engine (or the one that DOCKER_HOST names) alone.</summary>
    IReadOnlyList<DeployEnvironment> DeployEnvironments => [DeployEnvironment.Local];

    /// <summary>The environment that DeployStaging deploys to; default: `staging`.</summary>
    string StagingName => "staging";

    /// <summary>What <c>--environment</c> names.</summary>
    /// <exception cref="ConfigurationException">There is none of that name, or the environments of the build have mistakes.</exception>
    sealed DeployEnvironment TargetEnvironment => FindEnvironment(Environment ?? DeployEnvironment.Local.Name);

    /// <summary>The environment that images are built and pushed for: staging when it is deployed to in this run, else <see cref="TargetEnvironment"/>.</summary>
    sealed DeployEnvironment ImageEnvironment
    {
        get
        {
            var environment = IsToStage ? FindEnvironment(StagingName) : TargetEnvironment;
            // With a registry in between, images are made where the build runs and travel from there.
            if (RegistryOf(environment) is not null) return environment with { Engine = EngineAddress.Local };
            // Told before anything is built; and not that of an engine something is missing, which no image would reach.
            return InvokedTargets.Any(target => target.Name == nameof(IPushImages.PushImages))
                ? throw new ConfigurationException("--registry", $"there is no registry to push to for {environment.Name}", "Name it: --registry <host:port>, or in the environment: Registry = \"host:port\", or by the variable that the environment reads it from.")
                : environment;
        }
    }

    /// <inheritdoc cref="TargetEnvironment"/>
    sealed DeployEnvironment FindEnvironment(string name)
    {
        EnvironmentCheck.Throw(DeployEnvironments);
        return DeployEnvironments.FirstOrDefault(environment => environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ConfigurationException("--environment", $"this build has no environment {name}",
                $"Use one of: {string.Join(", ", DeployEnvironments.Select(environment => environment.Name))}; or add it to the build class, IHazDeployment.DeployEnvironments.");
    }

    /// <summary>Whether images of this run travel by a registry; false also where there is no such environment, which is said elsewhere.</summary>
    sealed bool HasRegistry => Registry is not null || DeployEnvironments.Any(environment => environment.Registry is not null && environment.Name == (IsToStage ? StagingName : Environment ?? DeployEnvironment.Local.Name));

    /// <summary>Whether the images of a deploy come ready from its environment's registry, so that none is built here.</summary>
    sealed bool HasImagesInRegistry => HasRegistry && Registry is null && !ExecutionPlan.Any(target => target.Name == nameof(IPushImages.PushImages));

    private bool IsToStage => ExecutionPlan.Any(target => target.Name == nameof(IDeployStaging.DeployStaging));

    /// <summary>An environment with what the variables of this build add to it.</summary>
    sealed EffectiveEnvironment Effective(DeployEnvironment environment) => EffectiveEnvironment.Of(environment, EnvironmentVariables, SecretFiles.TryRead);

    /// <exception cref="ConfigurationException">What was given cannot be a registry.</exception>
    sealed string? RegistryOf(DeployEnvironment environment)
    {
        var registry = Registry ?? environment.Registry;
        if (registry is not null && Components.Registry.RegistryAddress.WhyNoPlace(registry) is { } why)
            throw new ConfigurationException("--registry", why, "Write host[:port][/path], for example registry.example:5000 or registry.example/team.");
        return registry;
    }

    sealed DeployOptions DeployOptions => OptionsOf(DeployEnvironment.Local);

    sealed DeployOptions OptionsOf(DeployEnvironment environment)
    {
        var options = OtherOptionsOf(environment);
        return (DeployTimeout ?? environment.Strategy.DeployTimeout) is { } timeout ? options with { DeployTimeout = timeout } : options;
    }

    private DeployOptions OtherOptionsOf(DeployEnvironment environment) => new()
    {
        HealthCheckInterval = (HealthCheckInterval ?? environment.Strategy.HealthCheckInterval) is { } interval && interval > TimeSpan.Zero ? interval : null,
        DrainTimeout = DrainTimeout ?? environment.Strategy.DrainTimeout ?? TimeSpan.FromSeconds(30),
        Watch = Watch ?? environment.Strategy.Watch ?? new DeployOptions().Watch,
        KeepWarm = KeepWarm || environment.Strategy.KeepWarm,
    };
}
