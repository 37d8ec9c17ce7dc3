using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Adapters;

/// <summary>What the host of the build has put in the place of all engines: a test's host in memory.</summary>
internal sealed class StandInPlace : DeployPlace
{
    private readonly PlatformConnection _connection;

    public StandInPlace(IHazDeployment build, DeployEnvironment environment, IPlatformSource source)
    {
        Files = DeployFiles.Named(build, environment);
        _connection = source.Connect(environment.Name, ComposeParameters.Of(build, environment, Files));
        // Whoever plays the programs of the build plays this one too.
        Docker = new DockerCli(build.CommandRunner) { StartsPlugins = false };
        Registry = new StandInRegistry(_connection);
    }

    public override Platform Platform => _connection.Platform;

    public override DockerCli Docker { get; }

    public override ImmutableArray<string> Files { get; }

    public override IRegistry Registry { get; }

    public override TimeProvider Time => _connection.Time;

    public override string Address => _connection.Address;

    public override string HostName => _connection.Address;

    public override bool HasTerminal => false;

    public override bool IsReal => false;

    public override Task<ComposeModel> ReadWithoutSecretsAsync(
        DeployRequest request,
        CancellationToken cancellationToken
    ) =>
        Platform.Files.ReadComposeAsync(
            request.ComposeFile,
            request.Project,
            request.Tag,
            request.Registry,
            cancellationToken
        );

    public override Func<Fault, Task> Striker(Action<string> say) => _connection.Strike;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class StandInRegistry(PlatformConnection connection) : IRegistry
    {
        public async Task<RemoteImage?> FindAsync(ImageName image, CancellationToken cancellationToken)
        {
            if (connection.DigestOf($"{image}") is not { } digest)
                return null;
            var here = await connection.Platform.Images.InspectImagesAsync([$"{image}"], cancellationToken);
            return new RemoteImage(digest, here.GetValueOrDefault($"{image}")?.Id);
        }
    }
}
