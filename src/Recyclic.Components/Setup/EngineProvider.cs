using System.Collections.Immutable;

namespace Recyclic.Components.Setup;

/// <summary>Who an engine on this machine is from, which decides who may add to it.</summary>
internal enum EngineProvider
{
    /// <summary>There is no engine at all.</summary>
    None,
    DockerCe,
    DockerIo,
    Moby,
    Podman,
    Snap,
    Desktop,

    /// <summary>Programs that no package brought.</summary>
    Unpackaged,
}

/// <summary>Pure: whose the engine is, and what each vendor calls the pieces that can be added beside it.</summary>
internal static class EngineProviders
{
    private static readonly ImmutableArray<(string Package, EngineProvider Provider)> ByPackage =
    [
        ("docker-ce", EngineProvider.DockerCe),
        ("moby-engine", EngineProvider.Moby),
        ("docker.io", EngineProvider.DockerIo),
        ("docker-desktop", EngineProvider.Desktop),
        ("podman-docker", EngineProvider.Podman),
    ];

    public static EngineProvider Of(SetupFacts facts)
    {
        foreach (var (package, provider) in ByPackage)
            if (facts.VersionOf(package) is not null)
                return provider;
        if (
            new[] { facts.DockerCommand, facts.EngineProgram }.Any(path =>
                path?.StartsWith("/snap/", StringComparison.Ordinal) == true
            )
        )
            return EngineProvider.Snap;
        if (facts.Socket.Vendor.Contains("podman", StringComparison.OrdinalIgnoreCase))
            return EngineProvider.Podman;
        return facts.EngineProgram is null && facts.Socket.State is SocketState.Silent
            ? EngineProvider.None
            : EngineProvider.Unpackaged;
    }

    /// <summary>The engine as a person knows it: `docker-ce 5:20.10.24`.</summary>
    public static string Describe(SetupFacts facts)
    {
        var provider = Of(facts);
        var package = ByPackage.FirstOrDefault(entry => entry.Provider == provider).Package;
        return provider switch
        {
            EngineProvider.Snap => "the snap docker",
            EngineProvider.Unpackaged => facts.EngineProgram is { } program
                ? $"the engine {program}, which no package brought"
                : $"the engine at {facts.Socket.Path}",
            EngineProvider.Podman when facts.VersionOf("podman-docker") is null =>
                $"{facts.Socket.Vendor} at {facts.Socket.Path}",
            _ => $"{package} {facts.VersionOf(package)}",
        };
    }

    /// <summary>The package that adds a piece to an engine without changing it; null: its vendor has none.</summary>
    public static string? PackageOf(Missing piece, EngineProvider provider, SystemFacts system) =>
        (provider, piece) switch
        {
            (EngineProvider.DockerCe, Missing.DockerCommand) => "docker-ce-cli",
            (EngineProvider.DockerCe, Missing.Compose) => "docker-compose-plugin",
            (EngineProvider.DockerCe, Missing.Buildx) => "docker-buildx-plugin",
            (EngineProvider.Moby, Missing.DockerCommand) => "moby-cli",
            (EngineProvider.Moby, Missing.Compose) => "moby-compose",
            (EngineProvider.Moby, Missing.Buildx) => "moby-buildx",
            (EngineProvider.DockerIo, _) => OfDistribution(piece, system),
            _ => null,
        };

    private static string? OfDistribution(Missing piece, SystemFacts system) =>
        (system, piece) switch
        {
            // Of Debian 12 itself there are none; the suite of an earlier Setup has them.
            ({ Id: "debian", Major: 12, HasSecondSource: false }, _) => null,
            ({ Id: "debian", Major: 12 }, Missing.DockerCommand) => "docker-cli/trixie",
            ({ Id: "debian", Major: 12 }, Missing.Compose) => "docker-compose/trixie",
            ({ Id: "debian", Major: 12 }, Missing.Buildx) => "docker-buildx/trixie",
            ({ Id: "debian", Major: >= 13 }, Missing.DockerCommand) => "docker-cli",
            ({ Id: "debian", Major: >= 13 }, Missing.Compose) => "docker-compose",
            ({ Id: "debian", Major: >= 13 } or { Id: "ubuntu", Major: >= 24 }, Missing.Buildx) => "docker-buildx",
            ({ Id: "ubuntu", Major: >= 24 }, Missing.Compose) => "docker-compose-v2",
            _ => null,
        };
}
