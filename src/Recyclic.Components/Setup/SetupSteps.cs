using System.Collections.Immutable;

namespace Recyclic.Components.Setup;

internal abstract record SetupStep
{
    public abstract string Describe();

    /// <summary>Whether it takes root.</summary>
    public virtual bool NeedsRoot => true;
}

/// <summary>Adds the suite that has a new enough engine, at a priority that keeps everything else as it is.</summary>
internal sealed record AddAptSuite(string Suite, string Mirror, string? Keyring) : SetupStep
{
    public override string Describe() =>
        $"add Debian's suite {Suite} as a second source, which stays, pinned so that only what is named below comes from it";
}

/// <param name="Packages">As apt-get takes them: `name` or `name/suite`.</param>
/// <param name="ByHand">What a person may do instead when apt would change more than add.</param>
internal sealed record InstallPackages(ImmutableArray<string> Packages, string ByHand) : SetupStep
{
    public override string Describe() => $"apt-get install {string.Join(' ', Packages)}";
}

/// <param name="Program">The engine's program, for a machine without systemd.</param>
/// <param name="IsNew">Whether this Setup installed it; only then it is made to start with the machine.</param>
internal sealed record StartEngine(bool WithSystemd, string Program, bool IsNew) : SetupStep
{
    public override string Describe() =>
        (WithSystemd, IsNew) switch
        {
            (true, true) => "start the docker service, now and with the machine",
            (true, false) => "start the docker service",
            _ => $"start {Program} in the background (log: /var/log/dockerd.log)",
        };
}

/// <summary>Gets the base image, or makes it from the distribution's packages where it cannot be pulled.</summary>
internal sealed record ProvideBaseImage(string Image, string? Mirror) : SetupStep
{
    public override string Describe() =>
        $"get the base image {Image}: pull it, or make it with debootstrap where it cannot be pulled";

    /// <summary>A pull needs none; only what a pull cannot get does.</summary>
    public override bool NeedsRoot => false;
}
