using System.Collections.Immutable;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Adapters;

/// <summary>Where the deploys of one target go, and what gets them there.</summary>
internal abstract class DeployPlace : IAsyncDisposable
{
    public abstract Platform Platform { get; }

    /// <summary>The docker command line, for what no platform does: building and pushing images.</summary>
    public abstract DockerCli Docker { get; }

    /// <summary>The compose files by absolute path, at least one.</summary>
    public abstract ImmutableArray<string> Files { get; }

    public abstract IRegistry Registry { get; }

    public abstract TimeProvider Time { get; }

    /// <summary>As people are told of it.</summary>
    public abstract string Address { get; }

    /// <summary>The machine, in metrics and notices.</summary>
    public abstract string HostName { get; }

    /// <summary>Whether a person can be asked on the terminal.</summary>
    public abstract bool HasTerminal { get; }

    /// <summary>
    /// Whether it is a place that users reach; else nothing leaves the process: no metrics, no questions to its
    /// addresses, and where the files come from does not count.
    /// </summary>
    public abstract bool IsReal { get; }

    /// <summary>
    /// The compose files as they are with a stand-in for each declared secret,
    /// <see cref="ReleaseSubject.StandInFor"/>, whether this machine has the secrets or not.
    /// </summary>
    public abstract Task<ComposeModel> ReadWithoutSecretsAsync(
        DeployRequest request,
        CancellationToken cancellationToken
    );

    /// <summary>The line of the host's `authorized_keys` by which a key can see and approve, and nothing else.</summary>
    /// <param name="publicKey">The text of its file.</param>
    /// <param name="environment">The one that it approves for; null: it only sees.</param>
    /// <exception cref="ConfigurationException">That is no public key, or nothing here is reached by ssh.</exception>
    public virtual Task<string> LetInToApproveAsync(
        string app,
        string publicKey,
        string? environment,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    ) =>
        throw new ConfigurationException(
            "--public-key",
            $"{Address} is no host that is reached by ssh",
            "Name an environment with a Docker engine: --environment <name>."
        );

    /// <summary>What inflicts a fault on the deployer.</summary>
    /// <param name="say">Told just before the fault.</param>
    public abstract Func<Fault, Task> Striker(Action<string> say);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
