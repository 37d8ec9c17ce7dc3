using System.Collections.Immutable;

namespace Recyclic.Components.Setup;

public enum Missing
{
    DockerCommand,
    Compose,
    Buildx,
    Engine,
    RunningEngine,
    BaseImage,
}

/// <summary>What kind of system this is, from os-release and apt's own configuration.</summary>
/// <param name="Id">`debian`, `ubuntu` or another.</param>
/// <param name="Mirror">Where apt gets its packages: `http(s)://…`, or `mirror+file:…` as on cloud images; null: apt has no such source.</param>
/// <param name="Keyring">The keyring that signs them; null: apt's own.</param>
public sealed record SystemFacts(string Id, string Codename, int Major, string? Mirror, string? Keyring, bool HasSystemd);

public abstract record SetupStep
{
    public abstract string Describe();
}

/// <summary>Adds the suite that has a new enough engine, at a priority that keeps everything else as it is.</summary>
public sealed record AddAptSuite(string Suite, string Mirror, string? Keyring) : SetupStep
{
    public override string Describe() => $"add Debian's suite {Suite} as a second source, pinned so that only what is named below comes from it";
}

public sealed record InstallPackages(ImmutableArray<string> Packages) : SetupStep
{
    public override string Describe() => $"apt-get install {string.Join(' ', Packages)}";
}

public sealed record StartEngine(bool WithSystemd) : SetupStep
{
    public override string Describe() => WithSystemd ? "start and enable the docker service" : "start dockerd in the background (log: /var/log/dockerd.log)";
}

/// <summary>Gets the base image, or makes it from the distribution's packages where it cannot be pulled.</summary>
public sealed record ProvideBaseImage(string Image, string? Mirror) : SetupStep
{
    public override string Describe() => $"get the base image {Image}: pull it, or make it with debootstrap where it cannot be pulled";
}

/// <summary>Pure: what is missing and what the system is in, the steps that mend it out.</summary>
public sealed record SetupPlan(ImmutableArray<SetupStep> Steps, string? CannotBecause, string ByHand)
{
    public const string BaseImage = "debian:bookworm-slim";

    public static SetupPlan For(ImmutableArray<Missing> missing, SystemFacts system)
    {
        var steps = ImmutableArray.CreateBuilder<SetupStep>();
        string? cannot = null;
        if (missing.Any(what => what is Missing.DockerCommand or Missing.Compose or Missing.Buildx or Missing.Engine))
        {
            switch (system)
            {
                case { Id: "debian", Major: 12, Mirror: { } mirror }:
                    steps.Add(new AddAptSuite("trixie", mirror, system.Keyring));
                    steps.Add(new InstallPackages(["ca-certificates", "containerd", "runc", "iptables", "docker.io/trixie", "docker-cli/trixie", "docker-compose/trixie", "docker-buildx/trixie"]));
                    break;
                case { Id: "debian", Major: 12 }:
                    cannot = "apt on this machine has no source of packages on the network (apt-get indextargets names none)";
                    break;
                case { Id: "debian", Major: >= 13 }:
                    steps.Add(new InstallPackages(["ca-certificates", "containerd", "runc", "iptables", "docker.io", "docker-cli", "docker-compose", "docker-buildx"]));
                    break;
                case { Id: "ubuntu", Major: >= 24 }:
                    steps.Add(new InstallPackages(["ca-certificates", "containerd", "runc", "iptables", "docker.io", "docker-compose-v2", "docker-buildx"]));
                    break;
                default:
                    cannot = $"it knows how to install on Debian 12 and later and Ubuntu 24.04 and later, not on {system.Id} {system.Codename}";
                    break;
            }
        }
        if (missing.Any(what => what is Missing.Engine or Missing.RunningEngine)) steps.Add(new StartEngine(system.HasSystemd));
        if (missing.Contains(Missing.BaseImage)) steps.Add(new ProvideBaseImage(BaseImage, system.Mirror is { } address && address.StartsWith("http", StringComparison.Ordinal) ? address : null));
        var byHand = $"get these yourself: {string.Join(", ", missing.Select(Name))}; then run the same command again. As root, ./build.sh Setup does it on Debian and Ubuntu";
        return new SetupPlan(steps.ToImmutable(), cannot, byHand);
    }

    public static string Name(Missing what) => what switch
    {
        Missing.DockerCommand => "the docker command",
        Missing.Compose => "docker compose 2.20 or later",
        Missing.Buildx => "docker buildx",
        Missing.Engine => "Docker Engine 25 or later",
        Missing.RunningEngine => "a running Docker Engine",
        _ => $"the base image {BaseImage}",
    };
}
