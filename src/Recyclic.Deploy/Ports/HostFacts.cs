using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <param name="Version">As the engine writes it; not always a number.</param>
/// <param name="ApiVersion">The newest that it speaks.</param>
/// <param name="Architecture">As the engine names it, for example `amd64`.</param>
/// <param name="OperatingSystem">For example `linux`.</param>
/// <param name="ComposeVersion">That of the plugin on this machine.</param>
/// <param name="IsLocal">Whether the engine runs on this machine and sees its files.</param>
public sealed record EngineFacts(
    string Version,
    Version ApiVersion,
    string Architecture,
    string OperatingSystem,
    Version ComposeVersion,
    bool IsLocal
);

/// <summary>How much a host has; null where it does not say.</summary>
/// <param name="Running">Containers that run.</param>
/// <param name="Images">In its store.</param>
public sealed record HostCounts(int? Running, int? Images)
{
    /// <summary>Its memory in all, in bytes; null: it does not say.</summary>
    internal long? Memory { get; init; }
}

/// <summary>An image that is in the engine's store.</summary>
/// <param name="Reference">As it was asked for.</param>
/// <param name="Id">Its content, `sha256:…`, as this engine names it.</param>
/// <param name="Architecture">As the engine names it, for example `amd64`.</param>
/// <param name="OperatingSystem">For example `linux`.</param>
public sealed record ImageFacts(string Reference, string Id, string Architecture, string OperatingSystem)
{
    /// <summary>The paths that it declares by VOLUME.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Its own health check; null: it has none.</summary>
    public HealthCheck? HealthCheck { get; init; }

    /// <summary>The TCP ports that it declares by EXPOSE.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>The user that it runs as, `1000`, `app` or `1000:1000`; empty: root.</summary>
    internal string User { get; init; } = "";
}

/// <summary>What happened to a container.</summary>
public enum ContainerEventKind
{
    /// <summary>Also again, after it had ended.</summary>
    Started,

    /// <summary>Whatever its exit code.</summary>
    Died,

    /// <summary>Something in it was killed for want of memory; it may run on.</summary>
    OutOfMemory,

    /// <summary>Its health check passes from now on.</summary>
    Healthy,

    /// <summary>Its health check has failed as often as it may.</summary>
    Unhealthy,

    /// <summary>Its health check has run once; how it went is to be read.</summary>
    Probed,

    /// <summary>Its health check was run at this machine's word, as the engine runs it, and passes.</summary>
    Passed,

    /// <summary>It was asked from outside and does its work.</summary>
    Answered,

    /// <summary>It was asked from outside and does not.</summary>
    Silent,
}

/// <param name="ContainerId">All 64 digits.</param>
/// <param name="Name">Without a slash.</param>
/// <param name="Service">The compose service.</param>
/// <param name="Slot">Null: it is not of a release.</param>
/// <param name="Kind">What happened.</param>
/// <param name="ExitCode">Of one that died or was probed; else 0.</param>
/// <param name="At">When the engine says it happened.</param>
public sealed record ContainerEvent(
    string ContainerId,
    string Name,
    string Service,
    Slot? Slot,
    ContainerEventKind Kind,
    int ExitCode,
    DateTimeOffset At
)
{
    /// <summary>Of a silent one: why, to follow its name.</summary>
    public string Why { get; init; } = "";
}

/// <summary>The last health probe of a container.</summary>
/// <param name="Passed">Whether its exit code was 0.</param>
/// <param name="EndedAt">By the engine's clock.</param>
/// <param name="Output">What it printed, as much of it as the engine keeps.</param>
public sealed record Probe(bool Passed, DateTimeOffset EndedAt, string Output);
