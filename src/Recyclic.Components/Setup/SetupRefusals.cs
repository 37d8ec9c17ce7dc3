using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Setup;

/// <summary>Pure: when Setup leaves a machine as it is, why, and what its owner can type instead.</summary>
internal static class SetupRefusals
{
    private const string Place = "Setup";

    /// <summary>
    /// What is wrong with the engine that is there, so that adding to it or to this machine would be a guess.
    /// </summary>
    public static ConfigurationProblem? OfEngine(SetupFacts facts)
    {
        var engine = EngineProviders.Describe(facts);
        return (EngineProviders.Of(facts), facts.Socket) switch
        {
            (_, { State: SocketState.Denied } socket) => new(
                Place,
                $"this user may not open {socket.Path}: {socket.Evidence}",
                "Run this command as root, or let your user in and log in again: sudo usermod -aG docker \"$USER\". Who may open that socket is as good as root on this machine."
            ),
            (EngineProvider.Podman, _) => new(
                Place,
                $"{engine} plays docker here, and Recyclic needs Docker Engine: Podman has neither its start_interval nor its networks",
                "Deploy to another host with DOCKER_HOST=ssh://…; or, if nothing here uses it: apt-get remove podman-docker, then ./build.sh Setup."
            ),
            (_, { State: SocketState.Broken } socket) => new(
                Place,
                $"{engine} is broken: {socket.Path} {socket.Evidence}",
                Look(facts)
            ),
            (not EngineProvider.None, { State: SocketState.Silent }) when facts.Service == "failed" => new(
                Place,
                $"{engine} is broken: systemd says that its service failed",
                Look(facts)
            ),
            (not EngineProvider.None, { State: SocketState.Silent }) when facts.Service == "masked" => new(
                Place,
                $"{engine} is stopped, and somebody masked its service so that it stays so",
                "If it may run again: systemctl unmask docker && systemctl start docker."
            ),
            (EngineProvider.None or EngineProvider.Desktop, { State: SocketState.Silent })
                when facts.OtherEngines is [var other] => new(
                Place,
                $"no engine is at {facts.Socket.Path}, and {Name(other)} runs at {other.Path}; a second engine beside it is not installed",
                $"Use that one: export DOCKER_HOST=unix://{other.Path}, or `docker context use` its context."
            ),
            (EngineProvider.None or EngineProvider.Desktop, { State: SocketState.Silent })
                when facts.OtherEngines.Length > 1 => new(
                Place,
                $"no engine is at {facts.Socket.Path}, and {facts.OtherEngines.Length} others run: {string.Join(", ", facts.OtherEngines.Select(other => $"{Name(other)} at {other.Path}"))}; another one beside them is not installed",
                "Say which is meant: export DOCKER_HOST=unix://<path>."
            ),
            (EngineProvider.Desktop, { State: SocketState.Silent }) => new(
                Place,
                $"{engine} is not running",
                "Start Docker Desktop: systemctl --user start docker-desktop."
            ),
            (EngineProvider.Snap, { State: SocketState.Silent }) => new(
                Place,
                $"{engine} is stopped",
                "Start it: snap start docker. Its containers that restart by themselves start with it."
            ),
            (EngineProvider.Unpackaged, { State: SocketState.Silent })
                when facts.System.HasSystemd && facts.Service.Length == 0 => new(
                Place,
                $"{engine}, is stopped, and systemd has no service for it",
                "Start it in the way that it is started here."
            ),
            _ => null,
        };
    }

    /// <summary>Why this machine gets no package, or null.</summary>
    public static ConfigurationProblem? OfSystem(SetupFacts facts, ImmutableArray<Missing> missing)
    {
        var needed =
            $"Get these yourself: {string.Join(", ", missing.Select(SetupPlan.Name))}; then run the same command again.";
        var system = facts.System;
        if (system is not ({ Id: "debian", Major: >= 12 } or { Id: "ubuntu", Major: >= 24 }))
            return new(
                Place,
                $"it knows how to install on Debian 12 and later and Ubuntu 24.04 and later, not on {(system.Id.Length > 0 ? $"{system.Id} {system.Codename}".Trim() : "this system")}",
                $"{needed} Docker Engine has to be 25 or later."
            );
        if (system.IsUsrReadOnly)
            return new(
                Place,
                "/usr is mounted read-only, so no package can be installed",
                $"{needed} On an image-based system they belong into its image."
            );
        var unfinished = facts.Packages.Where(package => !package.IsWhole).Select(package => package.Name).ToList();
        if (unfinished.Count > 0)
            return new(
                Place,
                $"dpkg was interrupted: {string.Join(", ", unfinished)} {(unfinished.Count == 1 ? "is" : "are")} half installed",
                "Finish that first: dpkg --configure -a && apt-get install -f. Read what apt says it would do."
            );
        return system.Mirror is null && system is { Id: "debian", Major: 12, HasSecondSource: false }
            ? new(
                Place,
                "apt on this machine has no source of packages on the network (apt-get indextargets names none)",
                needed
            )
            : null;
    }

    /// <summary>Why pieces cannot be added beside the engine that is there, or null.</summary>
    public static ConfigurationProblem? OfPieces(SetupFacts facts, EngineProvider provider)
    {
        ImmutableArray<Missing> pieces = [.. SetupPlan.Pieces(facts)];
        if (pieces.IsEmpty)
            return null;
        ImmutableArray<Missing> without =
        [
            .. pieces.Where(piece => EngineProviders.PackageOf(piece, provider, facts.System) is null),
        ];
        // Docker's and Microsoft's packages have the same names on every system with apt.
        return without.IsEmpty
            ? OfSystem(
                facts with
                {
                    System =
                        provider is EngineProvider.DockerIo
                            ? facts.System
                            : facts.System with
                            {
                                Id = "debian",
                                Major = 13,
                            },
                },
                pieces
            )
            : new(
                Place,
                $"{EngineProviders.Describe(facts)} is here without {string.Join(", ", without.Select(SetupPlan.Name))}, and {WhyNot(provider, facts.System)}; the engine is not replaced",
                ByVendor(provider, facts.System, without)
            );
    }

    /// <summary>Why this user gets nothing done.</summary>
    public static ConfigurationProblem OfUser(SetupFacts facts, IEnumerable<SetupStep> steps) =>
        new(
            Place,
            $"that needs root{(facts.HasSudo ? "" : ", and there is no sudo here")}: {string.Join("; ", steps.Where(step => step.NeedsRoot).Select(step => step.Describe()))}",
            facts.HasSudo
                ? "Do it once as root: sudo ./build.sh Setup. Then run the same command again."
                : "Have somebody who is root run ./build.sh Setup once; then run the same command again."
        );

    private static string Name(EngineSocket other) =>
        other switch
        {
            { Path: var path } when path.Contains("/desktop/", StringComparison.Ordinal) =>
                $"Docker Desktop {other.Version}",
            { Vendor: var vendor } when vendor.Contains("podman", StringComparison.OrdinalIgnoreCase) =>
                $"Podman {other.Version}",
            { Path: var path } when path.StartsWith("/run/user/", StringComparison.Ordinal) =>
                $"a rootless engine {other.Version}",
            _ => $"an engine {other.Version}",
        };

    private static string Look(SetupFacts facts) =>
        facts.System.HasSystemd
            ? "See why: systemctl status docker; journalctl -u docker -n 50. Mend that, then run the same command again."
            : "See why in its log, mend that, then run the same command again.";

    private static string WhyNot(EngineProvider provider, SystemFacts system) =>
        provider switch
        {
            EngineProvider.DockerIo => $"{system.Id} {system.Codename} has no package for that".Replace(
                "  ",
                " ",
                StringComparison.Ordinal
            ),
            EngineProvider.Snap => "a snap takes no packages",
            EngineProvider.Desktop => "Docker Desktop brings its own",
            _ => "what adds to it is not known",
        };

    private static string ByVendor(EngineProvider provider, SystemFacts system, ImmutableArray<Missing> without) =>
        provider switch
        {
            EngineProvider.Snap => "Renew the snap, which restarts its containers: snap refresh docker.",
            EngineProvider.Desktop => "Update or repair Docker Desktop.",
            EngineProvider.DockerIo or EngineProvider.Unpackaged =>
                $"Put the plugin{(without.Length == 1 ? "" : "s")} of the docker command into /usr/local/lib/docker/cli-plugins. {(provider is EngineProvider.DockerIo && system is { Id: "debian", Major: 12 } ? "Or move to Docker's own packages, by its instructions for Debian; they replace docker.io, so all containers stop meanwhile." : "The engine goes on meanwhile.")}",
            _ => $"Get these yourself: {string.Join(", ", without.Select(SetupPlan.Name))}.",
        };
}
