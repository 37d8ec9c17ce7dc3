using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>
/// Where the commands of a build's environments go instead of the Docker engines that they name: in a test, hosts in
/// memory.
/// </summary>
public interface IPlatformSource
{
    /// <summary>The way of one target to the place of an environment.</summary>
    /// <param name="environment">The environment's name.</param>
    /// <param name="settings">How the target reads compose files.</param>
    /// <exception cref="ConfigurationException">It has no place for that environment.</exception>
    PlatformConnection Connect(string environment, ComposeSettings settings);
}

/// <summary>A platform that is no Docker engine of its environment, as one target reaches it.</summary>
/// <param name="Address">What people are told of where it is.</param>
/// <param name="Time">Passes there; the deployer goes by it.</param>
public sealed record PlatformConnection(Platform Platform, string Address, TimeProvider Time)
{
    /// <summary>
    /// Inflicts a fault on the deployer that was asked for by <see cref="Fault.Variable"/>; may not return, may throw.
    /// </summary>
    public required Func<Fault, Task> Strike { get; init; }

    /// <summary>What a registry has under an image's name, `sha256:…`; null: nothing. Default: it has none.</summary>
    public Func<string, string?> DigestOf { get; init; } = _ => null;
}
