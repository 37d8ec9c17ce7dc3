using Recyclic.Components.Setup;

namespace Recyclic.Components.Tests;

/// <summary>Hosts as Setup finds them.</summary>
internal static class SetupHosts
{
    public static readonly SystemFacts Bookworm = new(
        "debian",
        "bookworm",
        12,
        "http://mirror.example/debian",
        null,
        HasSystemd: true
    );
    public static readonly SystemFacts Trixie = Bookworm with { Codename = "trixie", Major = 13 };
    public static readonly SystemFacts Noble = Bookworm with { Id = "ubuntu", Codename = "noble", Major = 24 };

    private static readonly EngineSocket Engine27 = new(
        "/var/run/docker.sock",
        SocketState.Answers,
        "",
        "27.3.1",
        new Version(1, 47),
        "Docker Engine - Community"
    );
    private static readonly EngineSocket Engine20 = Engine27 with { Version = "20.10.24", Api = new Version(1, 41) };
    private static readonly SetupFacts Fresh = new(Trixie) { Missing = [.. Enum.GetValues<Missing>()] };

    /// <summary>docker-ce 27, with two containers at work.</summary>
    private static readonly SetupFacts DockerCe = new(Noble)
    {
        Socket = Engine27,
        Packages =
        [
            new("docker-ce", "5:27.3.1-1"),
            new("docker-ce-cli", "5:27.3.1-1"),
            new("containerd.io", "1.7.22-1"),
        ],
        Running = ["shop-db-1", "shop-web-1"],
        DockerCommand = "/usr/bin/docker",
        EngineProgram = "/usr/bin/dockerd",
        Service = "active",
    };

    private static readonly SetupFacts OldDockerIo = DockerCe with
    {
        System = Bookworm,
        Socket = Engine20,
        Packages = [new("docker.io", "20.10.24+dfsg1-1+deb12u1")],
        EngineProgram = "/usr/sbin/dockerd",
    };
    private static readonly EngineSocket Silent = new("/var/run/docker.sock", SocketState.Silent, "Connection refused");
    private static readonly EngineSocket Rootless = Engine27 with { Path = "/run/user/1000/docker.sock" };
    private static readonly EngineSocket Desktop = Engine27 with { Path = "/home/ann/.docker/desktop/docker.sock" };
    private static readonly EngineSocket Podman = Engine20 with
    {
        Path = "/run/podman/podman.sock",
        Version = "4.3.1",
        Vendor = "Podman Engine",
    };

    /// <summary>The name of the host, its facts, and what Setup says.</summary>
    public static IEnumerable<(string Name, SetupFacts Facts, string Says)> All =>
        [
            (
                "Debian 12, no engine at all",
                Fresh with
                {
                    System = Bookworm,
                },
                """
                add Debian's suite trixie as a second source, which stays, pinned so that only what is named below comes from it
                apt-get install ca-certificates containerd runc iptables docker.io/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie
                start the docker service, now and with the machine
                get the base image debian:bookworm-slim: pull it, or make it with debootstrap where it cannot be pulled
                ask: This installs an engine and starts it; nothing that is installed is removed, upgraded or restarted. ./build.sh Setup --undo takes it back. Do this now? (--yes answers)
                """
            ),
            (
                "Debian 12 where an earlier Setup added the source, with certificates",
                Fresh with
                {
                    System = Bookworm with { HasSecondSource = true, HasSystemd = false },
                    Packages = [new("ca-certificates", "20230311")],
                },
                """
                apt-get install containerd runc iptables docker.io/trixie docker-cli/trixie docker-compose/trixie docker-buildx/trixie
                start /usr/sbin/dockerd in the background (log: /var/log/dockerd.log)
                get the base image debian:bookworm-slim: pull it, or make it with debootstrap where it cannot be pulled
                ask: This installs an engine and starts it; nothing that is installed is removed, upgraded or restarted. ./build.sh Setup --undo takes it back. Do this now? (--yes answers)
                """
            ),
            (
                "Debian 13, no engine at all",
                Fresh,
                """
                apt-get install ca-certificates containerd runc iptables docker.io docker-cli docker-compose docker-buildx
                start the docker service, now and with the machine
                get the base image debian:bookworm-slim: pull it, or make it with debootstrap where it cannot be pulled
                ask: This installs an engine and starts it; nothing that is installed is removed, upgraded or restarted. ./build.sh Setup --undo takes it back. Do this now? (--yes answers)
                """
            ),
            (
                "Ubuntu 24.04, no engine at all",
                Fresh with
                {
                    System = Noble,
                },
                """
                apt-get install ca-certificates containerd runc iptables docker.io docker-compose-v2 docker-buildx
                start the docker service, now and with the machine
                get the base image debian:bookworm-slim: pull it, or make it with debootstrap where it cannot be pulled
                ask: This installs an engine and starts it; nothing that is installed is removed, upgraded or restarted. ./build.sh Setup --undo takes it back. Do this now? (--yes answers)
                """
            ),
            ("docker-ce with all pieces", DockerCe, "nothing is missing"),
            (
                "docker-ce without buildx",
                DockerCe with
                {
                    Missing = [Missing.Buildx],
                },
                """
                apt-get install docker-buildx-plugin
                ask: docker-ce 5:27.3.1-1 is here with 2 running containers (shop-db-1, shop-web-1). This adds docker-buildx-plugin beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "docker-ce 20.10 without compose, old",
                DockerCe with
                {
                    Socket = Engine20,
                    Packages = [new("docker-ce", "5:20.10.24")],
                    Missing = [Missing.Compose],
                },
                """
                note: Docker Engine 20.10.24 (API 1.41) is older than 25 (API 1.44), which brought start_interval: until then health checks keep the compose file's own interval while a container starts. Setup leaves an engine as it is; its vendor's packages upgrade it, and stop its containers meanwhile.
                apt-get install docker-compose-plugin
                ask: docker-ce 5:20.10.24 is here with 2 running containers (shop-db-1, shop-web-1). This adds docker-compose-plugin beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "docker.io 20.10 of Debian 12 with all pieces",
                OldDockerIo,
                """
                note: Docker Engine 20.10.24 (API 1.41) is older than 25 (API 1.44), which brought start_interval: until then health checks keep the compose file's own interval while a container starts. Setup leaves an engine as it is; its vendor's packages upgrade it, and stop its containers meanwhile.
                nothing is missing
                """
            ),
            (
                "docker.io 20.10 of Debian 12 without compose and buildx",
                OldDockerIo with
                {
                    Missing = [Missing.Compose, Missing.Buildx],
                },
                """
                note: Docker Engine 20.10.24 (API 1.41) is older than 25 (API 1.44), which brought start_interval: until then health checks keep the compose file's own interval while a container starts. Setup leaves an engine as it is; its vendor's packages upgrade it, and stop its containers meanwhile.
                refused: Setup: docker.io 20.10.24+dfsg1-1+deb12u1 is here without docker compose 2.20 or later, docker buildx, and debian bookworm has no package for that; the engine is not replaced
                      mend: Put the plugins of the docker command into /usr/local/lib/docker/cli-plugins. Or move to Docker's own packages, by its instructions for Debian; they replace docker.io, so all containers stop meanwhile.
                """
            ),
            (
                "docker.io of Debian 13 without the docker command",
                DockerCe with
                {
                    System = Trixie,
                    Packages = [new("docker.io", "26.1.5")],
                    Running = [],
                    Missing = [Missing.DockerCommand],
                },
                """
                apt-get install docker-cli
                ask: docker.io 26.1.5 is here. This adds docker-cli beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "moby-engine without compose",
                DockerCe with
                {
                    Packages = [new("moby-engine", "27.0.3")],
                    Running = ["web"],
                    Missing = [Missing.Compose],
                },
                """
                apt-get install moby-compose
                ask: moby-engine 27.0.3 is here with 1 running container (web). This adds moby-compose beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "podman-docker",
                Fresh with
                {
                    System = Bookworm,
                    Packages = [new("podman-docker", "4.3.1")],
                    DockerCommand = "/usr/bin/docker",
                    Missing = [Missing.Compose, Missing.Engine],
                },
                """
                refused: Setup: podman-docker 4.3.1 plays docker here, and Recyclic needs Docker Engine: Podman has neither its start_interval nor its networks
                      mend: Deploy to another host with DOCKER_HOST=ssh://…; or, if nothing here uses it: apt-get remove podman-docker, then ./build.sh Setup.
                """
            ),
            (
                "Podman's socket in Docker's place",
                Fresh with
                {
                    Socket = Podman with { Path = "/var/run/docker.sock" },
                    Missing = [Missing.Buildx],
                },
                """
                refused: Setup: Podman Engine at /var/run/docker.sock plays docker here, and Recyclic needs Docker Engine: Podman has neither its start_interval nor its networks
                      mend: Deploy to another host with DOCKER_HOST=ssh://…; or, if nothing here uses it: apt-get remove podman-docker, then ./build.sh Setup.
                """
            ),
            (
                "the snap docker, without buildx",
                DockerCe with
                {
                    Packages = [],
                    DockerCommand = "/snap/bin/docker",
                    EngineProgram = null,
                    Missing = [Missing.Buildx],
                },
                """
                refused: Setup: the snap docker is here without docker buildx, and a snap takes no packages; the engine is not replaced
                      mend: Renew the snap, which restarts its containers: snap refresh docker.
                """
            ),
            (
                "the snap docker, stopped",
                DockerCe with
                {
                    Packages = [],
                    DockerCommand = "/snap/bin/docker",
                    EngineProgram = null,
                    Socket = Silent,
                    Service = "",
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: the snap docker is stopped
                      mend: Start it: snap start docker. Its containers that restart by themselves start with it.
                """
            ),
            (
                "a rootless engine alone",
                Fresh with
                {
                    OtherEngines = [Rootless],
                },
                """
                refused: Setup: no engine is at /var/run/docker.sock, and a rootless engine 27.3.1 runs at /run/user/1000/docker.sock; a second engine beside it is not installed
                      mend: Use that one: export DOCKER_HOST=unix:///run/user/1000/docker.sock, or `docker context use` its context.
                """
            ),
            (
                "Docker Desktop, not chosen",
                Fresh with
                {
                    Packages = [new("docker-desktop", "4.30.0")],
                    OtherEngines = [Desktop],
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: no engine is at /var/run/docker.sock, and Docker Desktop 27.3.1 runs at /home/ann/.docker/desktop/docker.sock; a second engine beside it is not installed
                      mend: Use that one: export DOCKER_HOST=unix:///home/ann/.docker/desktop/docker.sock, or `docker context use` its context.
                """
            ),
            (
                "Docker Desktop, not running",
                Fresh with
                {
                    Packages = [new("docker-desktop", "4.30.0")],
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: docker-desktop 4.30.0 is not running
                      mend: Start Docker Desktop: systemctl --user start docker-desktop.
                """
            ),
            (
                "two engines on other sockets, none on ours",
                Fresh with
                {
                    OtherEngines = [Rootless, Podman],
                },
                """
                refused: Setup: no engine is at /var/run/docker.sock, and 2 others run: a rootless engine 27.3.1 at /run/user/1000/docker.sock, Podman 4.3.1 at /run/podman/podman.sock; another one beside them is not installed
                      mend: Say which is meant: export DOCKER_HOST=unix://<path>.
                """
            ),
            (
                "two engines on two sockets",
                DockerCe with
                {
                    OtherEngines = [Rootless],
                    Missing = [Missing.Buildx],
                },
                """
                note: More than one engine runs here; what follows is about /var/run/docker.sock, not /run/user/1000/docker.sock.
                apt-get install docker-buildx-plugin
                ask: docker-ce 5:27.3.1-1 is here with 2 running containers (shop-db-1, shop-web-1). This adds docker-buildx-plugin beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "docker-ce, stopped",
                DockerCe with
                {
                    Socket = Silent,
                    Service = "inactive",
                    Running = [],
                    Missing = [Missing.Engine],
                },
                """
                start the docker service
                ask: docker-ce 5:27.3.1-1 is stopped. This starts it, and with it every container that restarts by itself. Do this now? (--yes does not answer)
                """
            ),
            (
                "docker-ce, stopped, without systemd",
                DockerCe with
                {
                    System = Noble with { HasSystemd = false },
                    Socket = Silent,
                    Service = "",
                    Running = [],
                    Missing = [Missing.Engine],
                },
                """
                start /usr/bin/dockerd in the background (log: /var/log/dockerd.log)
                ask: docker-ce 5:27.3.1-1 is stopped. This starts it, and with it every container that restarts by itself. Do this now? (--yes does not answer)
                """
            ),
            (
                "docker-ce, stopped for good",
                DockerCe with
                {
                    Socket = Silent,
                    Service = "masked",
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: docker-ce 5:27.3.1-1 is stopped, and somebody masked its service so that it stays so
                      mend: If it may run again: systemctl unmask docker && systemctl start docker.
                """
            ),
            (
                "docker-ce, its service failed",
                DockerCe with
                {
                    Socket = Silent,
                    Service = "failed",
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: docker-ce 5:27.3.1-1 is broken: systemd says that its service failed
                      mend: See why: systemctl status docker; journalctl -u docker -n 50. Mend that, then run the same command again.
                """
            ),
            (
                "docker-ce that hangs",
                DockerCe with
                {
                    Socket = Silent with
                    {
                        State = SocketState.Broken,
                        Evidence = "takes connections and does not answer within 10 s",
                    },
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: docker-ce 5:27.3.1-1 is broken: /var/run/docker.sock takes connections and does not answer within 10 s
                      mend: See why: systemctl status docker; journalctl -u docker -n 50. Mend that, then run the same command again.
                """
            ),
            (
                "a socket that this user may not open",
                DockerCe with
                {
                    Socket = Silent with { State = SocketState.Denied, Evidence = "permission denied" },
                    IsRoot = false,
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: this user may not open /var/run/docker.sock: permission denied
                      mend: Run this command as root, or let your user in and log in again: sudo usermod -aG docker "$USER". Who may open that socket is as good as root on this machine.
                """
            ),
            (
                "an engine that no package brought, without buildx",
                DockerCe with
                {
                    Packages = [],
                    EngineProgram = "/opt/docker/dockerd",
                    Missing = [Missing.Buildx],
                },
                """
                refused: Setup: the engine /opt/docker/dockerd, which no package brought is here without docker buildx, and what adds to it is not known; the engine is not replaced
                      mend: Put the plugin of the docker command into /usr/local/lib/docker/cli-plugins. The engine goes on meanwhile.
                """
            ),
            (
                "not root, with sudo",
                Fresh with
                {
                    IsRoot = false,
                    Missing = [Missing.DockerCommand, Missing.Compose, Missing.Engine],
                },
                """
                refused: Setup: that needs root: apt-get install ca-certificates containerd runc iptables docker.io docker-cli docker-compose docker-buildx; start the docker service, now and with the machine
                      mend: Do it once as root: sudo ./build.sh Setup. Then run the same command again.
                """
            ),
            (
                "not root, without sudo",
                DockerCe with
                {
                    IsRoot = false,
                    HasSudo = false,
                    Missing = [Missing.Buildx],
                },
                """
                refused: Setup: that needs root, and there is no sudo here: apt-get install docker-buildx-plugin
                      mend: Have somebody who is root run ./build.sh Setup once; then run the same command again.
                """
            ),
            (
                "Fedora, no engine at all",
                Fresh with
                {
                    System = Bookworm with { Id = "fedora", Codename = "", Major = 41 },
                    Missing = [Missing.DockerCommand, Missing.Engine],
                },
                """
                refused: Setup: it knows how to install on Debian 12 and later and Ubuntu 24.04 and later, not on fedora
                      mend: Get these yourself: the docker command, a running Docker Engine; then run the same command again. Docker Engine has to be 25 or later.
                """
            ),
            (
                "a read-only /usr",
                Fresh with
                {
                    System = Trixie with { IsUsrReadOnly = true },
                    Missing = [Missing.DockerCommand, Missing.Engine],
                },
                """
                refused: Setup: /usr is mounted read-only, so no package can be installed
                      mend: Get these yourself: the docker command, a running Docker Engine; then run the same command again. On an image-based system they belong into its image.
                """
            ),
            (
                "dpkg was interrupted",
                Fresh with
                {
                    Packages = [new("man-db", "2.11.2-2", "iF")],
                },
                """
                refused: Setup: dpkg was interrupted: man-db is half installed
                      mend: Finish that first: dpkg --configure -a && apt-get install -f. Read what apt says it would do.
                """
            ),
            (
                "a held package beside docker-ce",
                DockerCe with
                {
                    Packages = [new("docker-ce", "5:27.3.1-1", "hi")],
                    Running = [],
                    Missing = [Missing.Buildx],
                },
                """
                apt-get install docker-buildx-plugin
                ask: docker-ce 5:27.3.1-1 is here. This adds docker-buildx-plugin beside it; the engine is neither changed nor restarted, or else nothing is done. Do this now? (--yes does not answer)
                """
            ),
            (
                "Debian 12 whose apt has no network source",
                Fresh with
                {
                    System = Bookworm with { Mirror = null },
                    Missing = [Missing.Engine],
                },
                """
                refused: Setup: apt on this machine has no source of packages on the network (apt-get indextargets names none)
                      mend: Get these yourself: a running Docker Engine; then run the same command again.
                """
            ),
            (
                "docker-ce without the base image",
                DockerCe with
                {
                    Missing = [Missing.BaseImage],
                    IsRoot = false,
                },
                """
                get the base image debian:bookworm-slim: pull it, or make it with debootstrap where it cannot be pulled
                ask: Do this now? (--yes answers)
                """
            ),
        ];

    /// <summary>All that a person is told, in the order in which it is.</summary>
    public static string Text(SetupFacts facts)
    {
        var plan = SetupPlan.For(facts);
        var lines = plan.Notes.Select(note => $"note: {note}").ToList();
        if (plan.Refusal is { } refusal)
            lines.Add($"refused: {refusal}");
        else if (plan.Steps.IsEmpty)
            lines.Add("nothing is missing");
        else
        {
            lines.AddRange(plan.Steps.Select(step => step.Describe()));
            lines.Add(
                $"ask: {SetupNotes.Question(plan, facts)} ({(SetupNotes.IsAnsweredByYes(plan, facts) ? "--yes answers" : "--yes does not answer")})"
            );
        }
        return string.Join('\n', lines);
    }
}
