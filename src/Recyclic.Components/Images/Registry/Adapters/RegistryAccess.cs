using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Registry.Adapters;

/// <summary>Who a build is to a registry, and how its engine is let in there.</summary>
internal static class RegistryAccess
{
    /// <summary>What the parameters of a build say; null: nothing.</summary>
    /// <exception cref="ConfigurationException">They say half of it.</exception>
    public static RegistryCredentials? CredentialsOf(IHazDeployment build) =>
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

    /// <exception cref="ConfigurationException">The registry does not let it in.</exception>
    public static async Task LogInAsync(
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
}

/// <summary>The registries as an engine speaks to them: its own setting says which of them speak no TLS.</summary>
internal sealed class EngineRegistry(IImageStore engine)
{
    private ImmutableHashSet<string>? _plain;

    public bool IsPlain(string registry) => RegistryAddress.IsLoopback(registry) || _plain?.Contains(registry) == true;

    /// <summary>The engine is asked once, before the first registry that is not of this machine.</summary>
    public IRegistry Over(IRegistry registry) => new Learned(this, registry);

    private async Task LearnAsync(string registry, CancellationToken cancellationToken)
    {
        if (_plain is null && !RegistryAddress.IsLoopback(registry))
            _plain = await engine.ReadPlainRegistriesAsync(cancellationToken);
    }

    private sealed class Learned(EngineRegistry known, IRegistry inner) : IRegistry
    {
        public async Task<RemoteImage?> FindAsync(ImageName image, CancellationToken cancellationToken)
        {
            await known.LearnAsync(image.Registry, cancellationToken);
            return await inner.FindAsync(image, cancellationToken);
        }
    }
}
