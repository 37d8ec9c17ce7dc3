using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Environments;
using Recyclic.Components.Metrics.Adapters;
using Recyclic.Components.Registry;
using Recyclic.Components.Registry.Adapters;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>
/// The deployer wired to an environment's engine by the docker command line, and to the build's output, for the length
/// of one target.
/// </summary>
public sealed partial class DeploySession : IDisposable
{
    private readonly IHazDeployment _build;
    private readonly ComposeSettings _settings;
    private readonly DockerConfig? _config;
    private readonly HttpRegistry _registry;
    private ImmutableHashSet<string>? _plainRegistries;

    private DeploySession(
        IHazDeployment build,
        EffectiveEnvironment environment,
        ImmutableArray<string> files,
        SshAgent? agent,
        EngineTunnel? tunnel,
        DockerConfig? config,
        RegistryCredentials? credentials,
        Func<Task> logIn,
        Fault? fault
    )
    {
        _build = build;
        Environment = environment;
        Files = files;
        _settings = ComposeParameters.Of(build, environment.Spec, files);
        _config = config;
        var variables = environment.DockerVariables;
        if (agent is not null)
            variables = variables.SetItems(agent.Variables);
        if (config is not null)
            variables = variables.SetItem("DOCKER_CONFIG", config.Path);
        Reporter = new BuildReporter(build, TimeProvider.System);
        Probe = new HostProbe(build.RootDirectory);
        Docker = new DockerCli(
            new ProcessCommandRunner(),
            build.Verbosity == Verbosity.Verbose ? command => build.WriteLine($"      $ {command}") : null,
            variables,
            tunnel
        );
        Engine = new DockerEngine(Docker, _settings, logIn);
        Lock = new DockerHostLock(Engine, TimeProvider.System, Machine.CiRun);
        Deployer = new Deployer(
            Platform.Of(Engine, fault is null ? Lock : Faulty(Lock, fault)),
            Reporter,
            TimeProvider.System
        );
        _registry = new HttpRegistry(
            registry => RegistryAddress.IsLoopback(registry) || _plainRegistries?.Contains(registry) == true,
            async (registry, cancellationToken) =>
                credentials
                ?? await DockerLogins.FindAsync(Docker.Setting.Directory, registry, Docker.Runner, cancellationToken),
            TimeSpan.FromSeconds(20)
        );
    }

    /// <summary>The environment with what the variables of this run add to it.</summary>
    public EffectiveEnvironment Environment { get; }

    /// <summary>The compose files by absolute path, the first one and what is merged over it.</summary>
    public ImmutableArray<string> Files { get; }

    internal BuildReporter Reporter { get; }

    internal HostProbe Probe { get; }

    /// <summary>
    /// Set to the environment's engine. With --registry-user it has that login, in a configuration of its own that goes
    /// with the session.
    /// </summary>
    public DockerCli Docker { get; }

    /// <summary>The environment's.</summary>
    public DockerEngine Engine { get; }

    /// <summary>That of the environment's host; nobody has taken it yet.</summary>
    public DockerHostLock Lock { get; }

    /// <summary>Tells the build's output what it does.</summary>
    public Deployer Deployer { get; }

    internal IRegistry Registry => _registry;

    /// <summary>Runs what a target does in the environment that the parameters name.</summary>
    /// <inheritdoc cref="RunAsync(IHazDeployment, Func{DeployEnvironment}, Func{DeploySession, Task}, RegistryLogin, CancellationToken)"/>
    public static Task RunAsync(
        IHazDeployment build,
        Func<DeploySession, Task> action,
        CancellationToken cancellationToken = default
    ) => RunAsync(build, () => build.TargetEnvironment, action, RegistryLogin.BeforePull, cancellationToken);

    /// <summary>Runs what a target that needs the registry does.</summary>
    /// <inheritdoc cref="RunAsync(IHazDeployment, Func{DeployEnvironment}, Func{DeploySession, Task}, RegistryLogin, CancellationToken)"/>
    public static Task RunAsync(
        IHazDeployment build,
        Func<DeployEnvironment> which,
        Func<DeploySession, Task> action,
        CancellationToken cancellationToken = default
    ) => RunAsync(build, which, action, RegistryLogin.AtOnce, cancellationToken);

    /// <summary>
    /// Runs what a target does with the deployer, and turns its refusals into the exit codes of the contract.
    /// </summary>
    /// <exception cref="TargetFailedException">2 refused, 4 lock held, 1 what went wrong outside a plan.</exception>
    internal static Task RunAsync(
        IHazDeployment build,
        Func<DeployEnvironment> which,
        Func<DeploySession, Task> action,
        RegistryLogin login,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(async () =>
        {
            var fault = Fault.Parse(build.EnvironmentVariables.GetValueOrDefault(Fault.Variable));
            var environment = which();
            var effective = build.Effective(environment);
            foreach (var secret in effective.SecretValues.Values)
                build.AddSecret(secret);
            if (effective.EngineProblem is { } problem)
                throw new ConfigurationException([problem]);
            var credentials = CredentialsOf(build);
            // A login asks the engine, so it too needs the key that lets in to it.
            await using var agent = await SshAccess.OpenAsync(build, effective.Engine, cancellationToken);
            var variables = agent is null
                ? effective.DockerVariables
                : effective.DockerVariables.SetItems(agent.Variables);
            await using var tunnel = await EngineTunnel.OpenAsync(
                new ProcessCommandRunner(),
                variables,
                cancellationToken
            );
            var docker = new DockerCli(new ProcessCommandRunner(), variables: variables, tunnel: tunnel);
            var registry = credentials is null ? null : build.RegistryOf(environment);
            if (registry is not null)
                registry = RegistryAddress.HostOf(registry);
            using var config = registry is null ? null : DockerConfig.Create(docker);
            var files = await DeployFiles.OfAsync(build, environment, docker, cancellationToken);
            var entry = new Lazy<Task>(() =>
                config is null
                    ? Task.CompletedTask
                    : LogInAsync(config, docker, registry!, credentials!, cancellationToken)
            );
            if (login == RegistryLogin.AtOnce)
                await entry.Value;
            using var session = new DeploySession(
                build,
                effective,
                files,
                agent,
                tunnel,
                config,
                config is null ? null : credentials,
                () => entry.Value,
                fault
            );
            try
            {
                await action(session);
            }
            finally
            {
                session.Reporter.Close();
            }
        });

    /// <summary>What a registry has under a tag.</summary>
    /// <exception cref="ConfigurationException">The registry does not say.</exception>
    internal async Task<RemoteImage?> FindImageAsync(ImageName image, CancellationToken cancellationToken)
    {
        try
        {
            await LearnPlainRegistriesAsync(image.Registry, cancellationToken);
            return await Registry.FindAsync(image, cancellationToken);
        }
        catch (RegistryException exception)
        {
            throw new ConfigurationException(
                $"registry {image.Registry}",
                $"{exception.Problem.What}: {exception.Problem.Evidence}",
                exception.Problem.Mend
            );
        }
    }

    /// <summary>
    /// The digests of the images of a request's release services: those that were handed over, or else those that the
    /// registry has.
    /// </summary>
    /// <exception cref="ConfigurationException">One is not there, or the registry does not say.</exception>
    internal async Task<DeployRequest> WithDigestsAsync(
        DeployRequest request,
        HandedDigests? handed,
        CancellationToken cancellationToken
    )
    {
        if (request is not { Registry: { } registry, Tag: { } tag })
            return request;
        var compose = await Engine.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            tag,
            registry,
            cancellationToken
        );
        // Not those of accessories: an accessory is had by its tag when it is first started, and then never again.
        if (
            compose.Choice.IsFile
            && !ReleaseImages.Of(compose).Values.Any(image => RegistryAddress.IsOf(registry, image))
        )
            return request;
        var images = PushPlan
            .Images(compose, registry)
            .Where(image => PushPlan.IsOfRelease(compose, image.Key))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        if (handed is not null)
            return request with { RegistryDigests = handed.By(images) };
        await LearnPlainRegistriesAsync(RegistryAddress.HostOf(registry), cancellationToken);
        return request with
        {
            RegistryDigests = await DigestLookup.FindAsync(Registry, images.Values, cancellationToken),
        };
    }

    /// <summary>The release that a request means, by its digests, without pulling anything.</summary>
    /// <exception cref="ConfigurationException">An image is not there.</exception>
    internal async Task<Release> FindReleaseAsync(
        DeployRequest request,
        HandedDigests? handed,
        CancellationToken cancellationToken
    )
    {
        var tag = request.Tag!;
        var compose = await Engine.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            tag,
            request.Registry,
            cancellationToken
        );
        var images = ReleaseImages.Of(compose);
        if (request.Registry is not null && !compose.Choice.IsFile)
        {
            var named = await WithDigestsAsync(request, handed, cancellationToken);
            return Release.Of(
                tag.Value,
                images.ToDictionary(
                    image => image.Key,
                    image => new ImageRef(image.Value, named.RegistryDigests[image.Value])
                    {
                        RegistryDigest = ReleaseImages.ByDigest(image.Value, named.RegistryDigests[image.Value]),
                    }
                )
            );
        }
        var present = await Engine.InspectImagesAsync(images.Values.Distinct(), cancellationToken);
        var missing = images.Where(image => !present.ContainsKey(image.Value)).ToList();
        if (missing.Count > 0)
            throw new ConfigurationException([
                .. missing.Select(image => new ConfigurationProblem(
                    $"service {image.Key}",
                    $"there is no image {image.Value} on {Environment.Engine}",
                    $"Is {tag} the right tag? Build it: ./build.sh BuildImages --tag {tag}{request.CommandOptions}"
                )),
            ]);
        return Release.Of(
            tag.Value,
            images.ToDictionary(image => image.Key, image => new ImageRef(image.Value, present[image.Value].Id)),
            compose.Choice.IsFile
                ? ReleaseContent.Of(compose.Resolved, Path.GetDirectoryName(request.ComposeFile) ?? "")
                : null
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Engine.Dispose();
        _registry.Dispose();
        _config?.Dispose();
    }

    /// <summary>The engine's own setting says which registries speak no TLS.</summary>
    private async Task LearnPlainRegistriesAsync(string registry, CancellationToken cancellationToken)
    {
        if (_plainRegistries is not null || RegistryAddress.IsLoopback(registry))
            return;
        var known =
            (await Engine.Client.ReadInfoAsync(cancellationToken)).RegistryConfig?.IndexConfigs
            ?? new Dictionary<string, Docker.DotNet.Models.IndexInfo>();
        _plainRegistries = [.. known.Where(entry => !entry.Value.Secure).Select(entry => entry.Key)];
    }

    private static RegistryCredentials? CredentialsOf(IHazDeployment build) =>
        (build.Deployment.RegistryUser, build.Deployment.RegistryPassword) switch
        {
            ({ Length: > 0 } user, { Length: > 0 } password) => new RegistryCredentials(user, password),
            ({ Length: > 0 }, _) => throw new ConfigurationException(
                "--registry-user",
                "there is no password for it",
                "Set REGISTRY_PASSWORD, or REGISTRY_PASSWORD_FILE to a file that holds it."
            ),
            (_, { Length: > 0 }) => throw new ConfigurationException(
                "REGISTRY_PASSWORD",
                "there is no user for it",
                "Give --registry-user."
            ),
            _ => null,
        };

    private static async Task LogInAsync(
        DockerConfig config,
        DockerCli docker,
        string registry,
        RegistryCredentials credentials,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await config.LogInAsync(docker, registry, credentials, cancellationToken);
        }
        catch (RegistryException exception)
        {
            throw new ConfigurationException(
                $"registry {registry}",
                $"{exception.Problem.What}: {exception.Problem.Evidence}",
                exception.Problem.Mend
            );
        }
    }

    /// <summary>Turns refusals into the exit codes of the contract.</summary>
    internal static async Task GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ConfigurationException exception)
        {
            throw new TargetFailedException(exception.Message, 2, exception);
        }
        catch (LockHeldException exception)
        {
            throw new TargetFailedException(exception.Message, 4, exception);
        }
        catch (PushFailedException exception)
        {
            throw new TargetFailedException(exception.Message, 1, exception);
        }
        catch (Exception exception) when (exception is StepFailedException or EngineException or CommandFailedException)
        {
            throw new TargetFailedException(FailureReport.OutsidePlan(exception), 1, exception);
        }
    }

    private FaultPoints Faulty(IHostLock hostLock, Fault fault)
    {
        var striker = new FaultStriker(TimeProvider.System, Reporter.Warn);
        Reporter.Warn($"{Fault.Variable} is set: this command will be struck on purpose by {fault}");
        return new FaultPoints(hostLock, fault, striker.StrikeAsync);
    }
}

/// <summary>When a registry is logged in to.</summary>
internal enum RegistryLogin
{
    /// <summary>So that what is wrong with it is known before anything is done.</summary>
    AtOnce,

    /// <summary>
    /// Only when an image has to be pulled: what is on the host already, a way back above all, needs no registry.
    /// </summary>
    BeforePull,
}
