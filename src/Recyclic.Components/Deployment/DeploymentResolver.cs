using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Components;

/// <summary>
/// Pure: where a run deploys to, by which registry and how patiently. It comes from what the run was given, from the
/// environments of the build and from the targets of the run.
/// </summary>
/// <param name="StagingName">The environment that DeployStaging deploys to.</param>
internal sealed record DeploymentResolver(
    DeploymentParameters Given,
    IReadOnlyList<DeployEnvironment> Environments,
    string StagingName
)
{
    /// <summary>The targets of the run by name, those that it comes to by their dependencies included.</summary>
    public ImmutableHashSet<string> Planned { get; init; } = [];

    /// <summary>Those of them that the command line names.</summary>
    public ImmutableHashSet<string> Invoked { get; init; } = [];

    /// <summary>What <c>--environment</c> names.</summary>
    /// <exception cref="ConfigurationException">There is none of that name, or the environments of the build have
    /// mistakes.</exception>
    public DeployEnvironment Target => Find(TargetName);

    /// <summary>
    /// The environment that images are built and pushed for: staging when it is deployed to in this run, else
    /// <see cref="Target"/>.
    /// </summary>
    /// <exception cref="ConfigurationException">As of <see cref="Target"/>; or images are to be pushed, and there is no
    /// registry for them.</exception>
    public DeployEnvironment ForImages
    {
        get
        {
            var environment = IsToStage ? Find(StagingName) : Target;
            // With a registry in between, images are made where the build runs and travel from there.
            if (RegistryOf(environment) is not null)
                return environment with { Engine = EngineAddress.Local };
            // Told before anything is built; and not that of an engine something is missing, which no image would
            // reach.
            return Invoked.Contains(nameof(IPushImages.PushImages))
                ? throw new ConfigurationException(
                    "--registry",
                    $"there is no registry to push to for {environment.Name}",
                    "Name it: --registry <host:port>, or in the environment: Registry = \"host:port\", or by the variable that the environment reads it from."
                )
                : environment;
        }
    }

    /// <summary>
    /// Whether images of this run travel by a registry; false also where there is no such environment, which is said
    /// elsewhere.
    /// </summary>
    public bool HasRegistry =>
        Given.Registry is not null
        || Environments.Any(environment =>
            environment.Registry is not null && environment.Name == (IsToStage ? StagingName : TargetName)
        );

    /// <summary>
    /// Whether the images of a deploy come ready from its environment's registry, so that none is built here.
    /// </summary>
    public bool HasImagesInRegistry =>
        HasRegistry && Given.Registry is null && !Planned.Contains(nameof(IPushImages.PushImages));

    private bool IsToStage => Planned.Contains(nameof(IDeployStaging.DeployStaging));

    private string TargetName => Given.Environment ?? DeployEnvironment.Local.Name;

    /// <inheritdoc cref="Target"/>
    public DeployEnvironment Find(string name)
    {
        EnvironmentCheck.Throw(Environments);
        return Environments.FirstOrDefault(environment =>
                environment.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            )
            ?? throw new ConfigurationException(
                "--environment",
                $"this build has no environment {name}",
                $"Use one of: {string.Join(", ", Environments.Select(environment => environment.Name))}; or add it to the build class, IHazDeployment.DeployEnvironments."
            );
    }

    /// <exception cref="ConfigurationException">What was given cannot be a registry.</exception>
    public string? RegistryOf(DeployEnvironment environment)
    {
        var registry = Given.Registry ?? environment.Registry;
        if (registry is not null && RegistryAddress.WhyNoPlace(registry) is { } why)
            throw new ConfigurationException(
                "--registry",
                why,
                "Write host[:port][/path], for example registry.example:5000 or registry.example/team."
            );
        return registry;
    }

    /// <exception cref="ConfigurationException">What was given makes no canary.</exception>
    private CanaryTerms? CanaryOf(DeployStrategy strategy)
    {
        if (Given is { Canary: null, Bake: null, HoldLimit: null })
            return strategy.Canary;
        var terms =
            strategy.Canary
            ?? (Given.Canary is null ? null : new CanaryTerms([], CanaryTerms.UsualBake))
            ?? throw new ConfigurationException(
                Given.Bake is null ? "--hold-limit" : "--bake",
                "there is no canary that it could be for",
                "Say its shares too: --canary 5,25,50,100."
            );
        terms = terms with
        {
            Shares = Given.Canary is { } shares ? [.. shares] : terms.Shares,
            Bake = Given.Bake ?? terms.Bake,
            HoldLimit = Given.HoldLimit ?? terms.HoldLimit,
        };
        return terms.Mistakes("--canary", "--bake", "--hold-limit") is { IsEmpty: false } mistakes
            ? throw new ConfigurationException(mistakes)
            : terms;
    }

    /// <exception cref="ConfigurationException">Nobody can watch for so long.</exception>
    private TimeSpan WatchOf(DeployStrategy strategy)
    {
        var time = Given.WatchFor ?? strategy.WatchFor ?? TimeSpan.Zero;
        return time < TimeSpan.Zero || time > CanaryTerms.Longest
            ? throw new ConfigurationException(
                "--watch-for",
                "a release cannot be watched for that long",
                "Write a time from 0 to 24h, such as 30m: the deploy lock is held all the while."
            )
            : time;
    }

    /// <summary>
    /// How patient a deploy is: by the command line, or else by the environment, or else as everywhere.
    /// </summary>
    public DeployOptions OptionsOf(DeployEnvironment environment)
    {
        var strategy = environment.Strategy;
        var usual = new DeployOptions();
        var interval = Given.HealthCheckInterval ?? strategy.HealthCheckInterval;
        var options = usual with
        {
            HealthCheckInterval = interval > TimeSpan.Zero ? interval : null,
            DrainTimeout = Given.DrainTimeout ?? strategy.DrainTimeout ?? usual.DrainTimeout,
            Watch = Given.Watch ?? strategy.Watch ?? usual.Watch,
            WatchFor = WatchOf(strategy),
            Canary = CanaryOf(strategy),
            AllowLowMemory = Given.AllowLowMemory,
            KeepWarm = Given.KeepWarm || strategy.KeepWarm || Given.KeepAssets > TimeSpan.Zero,
            KeepAssets =
                Given.KeepWarm || strategy.KeepWarm || !(Given.KeepAssets > TimeSpan.Zero) ? null : Given.KeepAssets,
        };
        // Said only where somebody said it: what nobody asked for grows with the slowest health check.
        return (Given.DeployTimeout ?? strategy.DeployTimeout) is { } timeout
            ? options with
            {
                DeployTimeout = timeout,
            }
            : options;
    }
}
