using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup;

/// <summary>
/// Pure: facts of a machine in, steps that mend it or a refusal out. An engine that is there is never replaced,
/// upgraded or stopped.
/// </summary>
/// <param name="Steps">Empty with a refusal.</param>
/// <param name="Notes">What a person should know besides.</param>
internal sealed record SetupPlan(
    ImmutableArray<SetupStep> Steps,
    ConfigurationProblem? Refusal,
    ImmutableArray<string> Notes
)
{
    public const string BaseImage = "debian:bookworm-slim";

    /// <summary>What an engine needs and apt may have already; the rest of a list is always asked for.</summary>
    private static readonly ImmutableArray<string> Prerequisites =
    [
        "ca-certificates",
        "containerd",
        "runc",
        "iptables",
    ];

    public static SetupPlan For(SetupFacts facts)
    {
        var notes = SetupNotes.Of(facts);
        if (facts.Missing.IsEmpty)
            return new([], null, notes);
        if (SetupRefusals.OfEngine(facts) is { } refusal)
            return new([], refusal, notes);
        var steps = ImmutableArray.CreateBuilder<SetupStep>();
        var provider = EngineProviders.Of(facts);
        if (provider is EngineProvider.None)
        {
            if (facts.Missing is not [Missing.BaseImage])
            {
                if (SetupRefusals.OfSystem(facts, facts.Missing) is { } cannot)
                    return new([], cannot, notes);
                AddEngine(facts, steps);
            }
        }
        else
        {
            if (SetupRefusals.OfPieces(facts, provider) is { } cannot)
                return new([], cannot, notes);
            ImmutableArray<string> packages =
            [
                .. Pieces(facts).Select(piece => EngineProviders.PackageOf(piece, provider, facts.System)!),
            ];
            if (!packages.IsEmpty)
                steps.Add(
                    new InstallPackages(
                        packages,
                        $"Add them yourself when the engine may be touched: apt-get install {string.Join(' ', packages)}."
                    )
                );
            if (facts.Missing.Contains(Missing.Engine))
                steps.Add(
                    new StartEngine(facts.System.HasSystemd, facts.EngineProgram ?? "/usr/sbin/dockerd", IsNew: false)
                );
        }
        if (facts.Missing.Contains(Missing.BaseImage))
            steps.Add(
                new ProvideBaseImage(
                    BaseImage,
                    facts.System.Mirror is { } mirror && mirror.StartsWith("http", StringComparison.Ordinal)
                        ? mirror
                        : null
                )
            );
        return !facts.IsRoot && steps.Any(step => step.NeedsRoot)
            ? new([], SetupRefusals.OfUser(facts, steps), notes)
            : new(steps.ToImmutable(), null, notes);
    }

    public static string Name(Missing what) =>
        what switch
        {
            Missing.DockerCommand => "the docker command",
            Missing.Compose => "docker compose 2.20 or later",
            Missing.Buildx => "docker buildx",
            Missing.Engine => "a running Docker Engine",
            _ => $"the base image {BaseImage}",
        };

    /// <summary>What is missing and is a package beside the engine.</summary>
    internal static IEnumerable<Missing> Pieces(SetupFacts facts) =>
        facts.Missing.Where(piece => piece is Missing.DockerCommand or Missing.Compose or Missing.Buildx);

    private static void AddEngine(SetupFacts facts, ImmutableArray<SetupStep>.Builder steps)
    {
        var system = facts.System;
        if (system is { Id: "debian", Major: 12 } && !system.HasSecondSource)
            steps.Add(new AddAptSuite("trixie", system.Mirror!, system.Keyring));
        ImmutableArray<string> engine = system switch
        {
            { Id: "debian", Major: 12 } =>
            [
                "docker.io/trixie",
                "docker-cli/trixie",
                "docker-compose/trixie",
                "docker-buildx/trixie",
            ],
            { Id: "debian" } => ["docker.io", "docker-cli", "docker-compose", "docker-buildx"],
            _ => ["docker.io", "docker-compose-v2", "docker-buildx"],
        };
        steps.Add(
            new InstallPackages(
                [.. Prerequisites.Where(package => facts.VersionOf(package) is null), .. engine],
                "Install Docker Engine 25 or later with Compose and Buildx yourself, or take what is in the way off this machine, if nothing uses it; then run the same command again."
            )
        );
        steps.Add(new StartEngine(system.HasSystemd, "/usr/sbin/dockerd", IsNew: true));
    }
}
