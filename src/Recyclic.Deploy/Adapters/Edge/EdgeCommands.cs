using Recyclic.Deploy.Adapters.Acme;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>Pure: the argument lists by which containers of the edge's image are made, and what runs in them.</summary>
internal static class EdgeCommands
{
    /// <summary>
    /// The edge runs as a user without rights, on a read-only file system; only its volume can be written. Its names
    /// have no dot, and with `ndots` set the engine asks nobody outside for such a name; for any other it would ask
    /// 127.0.0.1, where nobody is. </summary>
    /// <param name="mark">See <see cref="Ownership"/>; here and below.</param>
    /// <param name="before">The ids of edges that it takes the place of.</param>
    public static IEnumerable<string> Create(Naming naming, string mark, params IEnumerable<string> before) =>
        [
            "create",
            "--name",
            naming.EdgeContainer,
            "--pull",
            "never",
            "--restart",
            "always",
            "--network",
            naming.Networks[0],
            "--dns",
            "127.0.0.1",
            "--dns-option",
            "ndots:1",
            .. Labels(naming, Naming.EdgeRole, mark),
            .. Keys(naming, ":ro"),
            .. Confinement(naming),
            "--log-opt",
            "max-size=20m",
            "--log-opt",
            "max-file=2",
            EdgeImage.Reference,
            "recyclic-edge",
            .. before.Select(id => id[..Math.Min(12, id.Length)]),
        ];

    /// <summary>
    /// A door: HAProxy alone. It reaches the edge by a socket in the volume, which it can otherwise only read, so it
    /// finds the edge whatever address that has. A proxy that finds it by its labels takes it for the service's container
    /// of plain compose; compose itself does not, which asks for further labels.
    /// </summary>
    /// <remarks>
    /// It has no health check: one could only take away the one container that the proxy sees. Values of labels and
    /// variables may be secrets, and so are on no command line.
    /// </remarks>
    /// <param name="labels">Where the command finds <see cref="LabelsOf"/>.</param>
    public static IEnumerable<string> Door(Naming naming, Door door, string mark, string labels = "/dev/stdin") =>
        Forwarder(
            naming,
            naming.DoorContainer(door.Service),
            DockerCommands.Joining(door.Networks[0]),
            [
                .. Labels(naming, Naming.DoorRole, mark),
                "--label",
                $"{Naming.DoorLabel}={door.Service}",
                .. door.Sign.IsEmpty ? Array.Empty<string>() : ["--label-file", labels, "--no-healthcheck"],
                .. door
                    .Sign.Labels.Where(label => !IsLine(label.Value))
                    .SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
                .. door.Sign.Variables.Keys.SelectMany(name => new[] { "--env", name }),
                .. door.Sign.Exposed.SelectMany(port => new[] { "--expose", FormattableString.Invariant($"{port}") }),
            ],
            door.ConfigurationFile
        );

    /// <summary>A gate: the same, which publishes one port.</summary>
    public static IEnumerable<string> Gate(Naming naming, PortGate gate, string mark) =>
        Forwarder(
            naming,
            naming.GateContainer(gate),
            ["--network", naming.Networks[0], "--publish", FormattableString.Invariant($"{gate}:{gate.Port}")],
            [.. Labels(naming, Naming.GateRole, mark), "--label", $"{Naming.GateLabel}={gate}"],
            gate.ConfigurationFile
        );

    private static IEnumerable<string> Forwarder(
        Naming naming,
        string name,
        IEnumerable<string> joining,
        IEnumerable<string> labels,
        string configuration
    ) =>
        [
            "create",
            "--name",
            name,
            "--pull",
            "never",
            "--restart",
            "always",
            // HAProxy's soft stop: what is open ends by itself, as far as it does so within the grace period.
            "--stop-signal=SIGUSR1",
            "--stop-timeout=3",
            .. joining,
            .. labels,
            .. Confinement(naming, ":ro"),
            "--log-opt",
            "max-size=1m",
            "--log-opt",
            "max-file=2",
            EdgeImage.Reference,
            "haproxy",
            "-W",
            "-db",
            "-f",
            configuration,
        ];

    /// <summary>
    /// The labels of a door that shows something to proxies, a line each; one that has two is not among them.
    /// </summary>
    public static string LabelsOf(string app, Door door) =>
        string.Concat(
            door.Sign.Labels.Add("com.docker.compose.project", app)
                .Add("com.docker.compose.service", door.Service)
                .Add("com.docker.compose.container-number", "1")
                .Add(Naming.SignLabel, door.Sign.ToLabel())
                .Where(label => IsLine(label.Value))
                .Select(label => $"{label.Key}={label.Value}\n")
        );

    private static bool IsLine(string text) => text.AsSpan().IndexOfAny('\n', '\r') < 0;

    /// <summary>
    /// The lock, or a place in the queue for it, and the agent behind it: the same image and volume, no network.
    /// </summary>
    /// <param name="role"><see cref="EdgeImage.LockRole"/> or <see cref="EdgeImage.QueueRole"/>.</param>
    public static IEnumerable<string> Agent(
        Naming naming,
        string name,
        string role,
        string mark,
        string by,
        DateTimeOffset since,
        string? run
    ) =>
        [
            "run",
            "--rm",
            "--interactive",
            "--name",
            name,
            "--network",
            "none",
            "--log-driver",
            "none",
            "--pull",
            "never",
            .. Labels(naming, role, mark),
            "--label",
            $"recyclic.by={by}",
            "--label",
            $"recyclic.since={since:O}",
            .. run is null ? Array.Empty<string>() : ["--label", $"recyclic.run={run}"],
            // Who waits puts nothing in place.
            .. role == EdgeImage.LockRole ? RecordMount.Of(naming, Naming.KeysRole, mark) : [],
            .. RecordMount.Of(naming, Naming.StateRole, mark),
            .. Bare,
            EdgeImage.Reference,
            "recyclic-agent",
        ];

    /// <summary>
    /// Has a container of the edge's image open a connection and hand it on; on standard error it says once there is one.
    /// </summary>
    public static IEnumerable<string> Converse(string container, string address, int port) =>
        [
            "exec",
            "--interactive",
            container,
            // Should it ever be left behind.
            "timeout",
            "1800",
            "socat",
            "-d",
            "-d",
            "-",
            FormattableString.Invariant($"TCP4:{address}:{port},connect-timeout=5,nodelay"),
        ];

    /// <summary>An agent that reads the records of a host whose edge does not run.</summary>
    public static IEnumerable<string> Reader(Naming naming, string mark) =>
        [
            "run",
            "--rm",
            "--interactive",
            "--network",
            "none",
            .. RecordMount.Of(naming, Naming.StateRole, mark, ",readonly"),
            .. Labels(naming, EdgeImage.ReaderRole, mark),
            EdgeImage.Reference,
            "recyclic-agent",
        ];

    /// <summary>
    /// What obtains certificates: it has the keys and not the records, and a network from which it reaches an authority.
    /// </summary>
    public static IEnumerable<string> Acme(Naming naming, string mark) =>
        [
            "run",
            "--rm",
            "--interactive",
            "--network",
            naming.Networks[0],
            "--log-driver",
            "none",
            "--pull",
            "never",
            .. Labels(naming, AcmeImage.Role, mark),
            .. Keys(naming),
            .. Bare,
            AcmeImage.Reference,
            "recyclic-acme",
        ];

    /// <summary>The volume of private keys, which doors and gates do not have.</summary>
    private static IEnumerable<string> Keys(Naming naming, string access = "") =>
        ["--volume", $"{naming.KeysVolume}:{TlsRules.Folder}{access}"];

    private static readonly string[] Bare =
    [
        "--read-only",
        "--tmpfs",
        "/tmp",
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
    ];

    private static IEnumerable<string> Labels(Naming naming, string role, string mark) =>
        [
            "--label",
            $"{Naming.AppLabel}={naming.App}",
            "--label",
            $"{Naming.RoleLabel}={role}",
            "--label",
            $"{Naming.OwnerLabel}={mark}",
        ];

    private static IEnumerable<string> Confinement(Naming naming, string access = "") =>
        ["--volume", $"{naming.StateVolume}:{EdgeConfiguration.StateDirectory}{access}", .. Bare];
}
