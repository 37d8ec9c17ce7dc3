using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Components;

public enum DeployEnvironment
{
    Local,
    Staging,
    Production,
}

/// <summary>What every deployment target shares: which application, which version, and how patiently.</summary>
public interface IHazDeployment : IRecyclicBuild
{
    [Parameter("Image tag of the release, by custom the commit's 7 hex digits; default: HEAD's")]
    ReleaseTag? Tag => TryGetValue(() => Tag);

    [Parameter("Where to; default: local")]
    DeployEnvironment? Environment => TryGetValue(() => Environment);

    [Parameter("Registry of the images, host:port; default: the engine's own store")]
    string? Registry => TryGetValue(() => Registry);

    [Parameter("Compose file of the application")]
    AbsolutePath? ComposeFile => TryGetValue(() => ComposeFile);

    [Parameter("Name of the application; default: the compose file's own")]
    string? Project => TryGetValue(() => Project);

    [Parameter("How long a health gate waits; default: 120")]
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

    [Parameter("Do not ask for confirmation")]
    bool Yes => TryGetValue(() => Yes);

    /// <summary>The compose file when <c>--compose-file</c> is not given; a build class may say otherwise.</summary>
    AbsolutePath DefaultComposeFile => RootDirectory / "docker-compose.yml";

    /// <summary>Environments that this build can deploy to; default: the local engine (or the one that DOCKER_HOST names) alone.</summary>
    IReadOnlySet<DeployEnvironment> Environments => new HashSet<DeployEnvironment> { DeployEnvironment.Local };

    sealed DeployOptions DeployOptions => new()
    {
        DeployTimeout = DeployTimeout ?? TimeSpan.FromSeconds(120),
        HealthCheckInterval = HealthCheckInterval is { } interval && interval > TimeSpan.Zero ? interval : null,
        DrainTimeout = DrainTimeout ?? TimeSpan.FromSeconds(30),
        Watch = Watch ?? new DeployOptions().Watch,
        KeepWarm = KeepWarm,
    };

    /// <summary>The request that the parameters make. The tag is HEAD's when <paramref name="defaultTag"/> is true and none was given.</summary>
    /// <exception cref="ConfigurationException">No tag was given and there is no commit to take it from; or no such environment.</exception>
    sealed async Task<DeployRequest> RequestAsync(bool defaultTag, CancellationToken cancellationToken)
    {
        var environment = Environment ?? DeployEnvironment.Local;
        if (!Environments.Contains(environment))
            throw new ConfigurationException("--environment", $"this build has no environment {environment.ToString().ToLowerInvariant()}",
                $"Use one of: {string.Join(", ", Environments.Select(e => e.ToString().ToLowerInvariant()))}; or name it in the build class, IHazDeployment.Environments.");
        var tag = Tag ?? (defaultTag ? await Git.HeadTagAsync(RootDirectory, cancellationToken) : null);
        var file = ComposeFile ?? DefaultComposeFile;
        return new DeployRequest(file, Project, tag, Registry, Machine.Person, Wait, DeployOptions) { LikelyApp = Project ?? ComposeName.Plain(file) };
    }

    /// <summary>The application's name without reading the compose file's services: for targets that need no more.</summary>
    sealed async Task<string> AppNameAsync(CancellationToken cancellationToken) =>
        Project ?? await ComposeName.ReadAsync(ComposeFile ?? DefaultComposeFile, cancellationToken);
}
