using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Components.Registry;
using Recyclic.Components.Registry.Adapters;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components.Adapters;

/// <summary>
/// An environment's engine, reached by the docker command line. With --registry-user it has that login, in a
/// configuration of its own that goes with it.
/// </summary>
internal sealed class DockerPlace : DeployPlace
{
    private readonly SshAgent? _agent;
    private readonly EngineTunnel? _tunnel;
    private readonly DockerConfig? _config;
    private readonly DockerEngine _engine;
    private readonly HttpRegistry _registry;
    private readonly ComposeCli _withoutSecrets;
    private readonly DockerHostLock _lock;
    private readonly ApprovalDoor? _door;

    private DockerPlace(
        IHazDeployment build,
        EffectiveEnvironment environment,
        ImmutableArray<string> files,
        SshAgent? agent,
        EngineTunnel? tunnel,
        DockerConfig? config,
        RegistryCredentials? credentials,
        Func<Task> logIn
    )
    {
        (Files, _agent, _tunnel, _config) = (files, agent, tunnel, config);
        var variables = VariablesOf(environment, agent);
        _door = environment.Door is { } door
            ? new ApprovalDoor(
                new ToolRunner(),
                door.Host,
                agent?.Variables ?? ImmutableDictionary<string, string>.Empty,
                TimeProvider.System
            )
            : null;
        if (config is not null)
            variables = variables.SetItem("DOCKER_CONFIG", config.Path);
        var secrets = environment.DeclaredSecrets(build.SecretVariables, build.DeployEnvironments);
        Docker = new DockerCli(
            new ToolRunner(),
            build.Verbosity == Verbosity.Verbose ? command => build.WriteLine($"      $ {command}") : null,
            variables,
            tunnel,
            secrets
        );
        var settings = ComposeParameters.Of(build, environment.Spec, files);
        _engine = new DockerEngine(Docker, settings, logIn);
        _withoutSecrets = new ComposeCli(
            new DockerCli(
                new ToolRunner(),
                variables: variables,
                tunnel: tunnel,
                secrets: secrets with
                {
                    Given = ImmutableDictionary<string, string>.Empty.SetItems(
                        environment.Spec.Secrets.Select(secret =>
                            KeyValuePair.Create(secret.Variable, ReleaseSubject.StandInFor(secret.Variable))
                        )
                    ),
                }
            ),
            settings
        );
        _lock = new DockerHostLock(_engine, TimeProvider.System, Machine.CiRun);
        Platform = Platform.Of(_engine, _door is null ? _lock : (IHostLock)_door) with
        {
            Databases = _engine.Databases,
            Remover = new DockerRemover(_engine),
        };
        var registry = new EngineRegistry(_engine);
        _registry = new HttpRegistry(
            registry.IsPlain,
            async (name, cancellationToken) =>
                credentials
                ?? await DockerLogins.FindAsync(Docker.Setting.Directory, name, Docker.Runner, cancellationToken),
            TimeSpan.FromSeconds(20)
        );
        Registry = registry.Over(_registry);
    }

    public override Platform Platform { get; }

    public override DockerCli Docker { get; }

    public override ImmutableArray<string> Files { get; }

    public override IRegistry Registry { get; }

    public override TimeProvider Time => TimeProvider.System;

    public override string Address => _door?.ToString() ?? Docker.Setting.EngineHost;

    public override string HostName => _door?.ToString() ?? Machine.HostOf(Docker.Setting);

    public override bool HasTerminal => Machine.HasTerminal;

    public override bool IsReal => true;

    /// <exception cref="ConfigurationException">The way there is barred: a key, a login, a file.</exception>
    public static async Task<DockerPlace> OpenAsync(
        IHazDeployment build,
        EffectiveEnvironment environment,
        RegistryLogin login,
        CancellationToken cancellationToken
    )
    {
        var credentials = RegistryAccess.CredentialsOf(build);
        SshAgent? agent = null;
        EngineTunnel? tunnel = null;
        DockerConfig? config = null;
        try
        {
            // A login asks the engine, so it too needs the key that lets in to it.
            agent = environment.Door is { } door
                ? await SshAccess.OpenAsync(build, door, cancellationToken)
                : await SshAccess.OpenAsync(build, environment.Engine, cancellationToken);
            var variables = VariablesOf(environment, agent);
            tunnel = await EngineTunnel.OpenAsync(new ToolRunner(), variables, cancellationToken);
            var docker = new DockerCli(new ToolRunner(), variables: variables, tunnel: tunnel);
            var registry = credentials is null ? null : build.RegistryOf(environment.Spec);
            if (registry is not null)
                registry = RegistryAddress.HostOf(registry);
            config = registry is null ? null : DockerConfig.Create(docker);
            var files = await DeployFiles.OfAsync(build, environment.Spec, docker, cancellationToken);
            var entry = new Lazy<Task>(() =>
                config is null
                    ? Task.CompletedTask
                    : RegistryAccess.LogInAsync(config, docker, registry!, credentials!, cancellationToken)
            );
            if (login == RegistryLogin.AtOnce)
                await entry.Value;
            return new DockerPlace(
                build,
                environment,
                files,
                agent,
                tunnel,
                config,
                config is null ? null : credentials,
                () => entry.Value
            );
        }
        catch
        {
            await CloseAsync(agent, tunnel, config);
            throw;
        }
    }

    public override Task<ComposeModel> ReadWithoutSecretsAsync(
        DeployRequest request,
        CancellationToken cancellationToken
    ) =>
        _withoutSecrets.ReadAsync(
            request.ComposeFile,
            request.Project,
            request.Tag,
            request.Registry,
            cancellationToken
        );

    public override Task<string> LetInToApproveAsync(
        string app,
        string publicKey,
        string? environment,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    ) => _lock.LetInToApproveAsync(app, publicKey, environment, lifetime, cancellationToken);

    public override Func<Fault, Task> Striker(Action<string> say) =>
        new FaultStriker(TimeProvider.System, say).StrikeAsync;

    public override async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        _registry.Dispose();
        await CloseAsync(_agent, _tunnel, _config);
    }

    private static ImmutableDictionary<string, string> VariablesOf(EffectiveEnvironment environment, SshAgent? agent) =>
        agent is null || environment.Door is not null
            ? environment.DockerVariables
            : environment.DockerVariables.SetItems(agent.Variables);

    private static async Task CloseAsync(SshAgent? agent, EngineTunnel? tunnel, DockerConfig? config)
    {
        config?.Dispose();
        if (tunnel is not null)
            await tunnel.DisposeAsync();
        if (agent is not null)
            await agent.DisposeAsync();
    }
}
