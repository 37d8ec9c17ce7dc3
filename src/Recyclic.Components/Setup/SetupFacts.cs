using System.Collections.Immutable;

namespace Recyclic.Components.Setup;

/// <summary>A piece that a build or a deploy needs and that was not found.</summary>
internal enum Missing
{
    DockerCommand,
    Compose,
    Buildx,
    Engine,
    BaseImage,
}

/// <summary>What kind of system this is, from os-release and apt's own configuration.</summary>
/// <param name="Id">`debian`, `ubuntu` or another.</param>
/// <param name="Mirror">Where apt gets its packages: `http(s)://…`, or `mirror+file:…` as on cloud images; null: apt
/// has no such source.</param>
/// <param name="Keyring">The keyring that signs them; null: apt's own.</param>
internal sealed record SystemFacts(
    string Id,
    string Codename,
    int Major,
    string? Mirror,
    string? Keyring,
    bool HasSystemd
)
{
    /// <summary>Whether `/usr` is mounted read-only, as on image-based systems.</summary>
    public bool IsUsrReadOnly { get; init; }

    /// <summary>Whether apt has the suite already that an earlier Setup added.</summary>
    public bool HasSecondSource { get; init; }
}

/// <summary>What came of asking a socket for its engine.</summary>
internal enum SocketState
{
    /// <summary>There is no such file, or nobody listens on it.</summary>
    Silent,
    Answers,

    /// <summary>This user may not open it.</summary>
    Denied,

    /// <summary>Something listens, and does not answer as an engine does.</summary>
    Broken,
}

/// <param name="Evidence">Why it does not answer; empty when it does.</param>
/// <param name="Vendor">What the engine calls itself, for example `Docker Engine - Community` or `Podman Engine`; may
/// be empty.</param>
internal sealed record EngineSocket(
    string Path,
    SocketState State,
    string Evidence = "",
    string Version = "",
    Version? Api = null,
    string Vendor = ""
);

/// <summary>A package as dpkg has it.</summary>
/// <param name="State">dpkg's two letters: `ii` installed, `hi` held, anything else with an `i` first is
/// unfinished.</param>
internal sealed record InstalledPackage(string Name, string Version, string State = "ii")
{
    public bool IsWhole => State is "ii" or "hi";

    /// <summary>
    /// Reads `dpkg-query --show --showformat='${db:Status-Abbrev}\t${binary:Package}\t${Version}\n'`; leaves out what
    /// is not there.
    /// </summary>
    public static ImmutableArray<InstalledPackage> Read(string output) =>
        [
            .. output
                .Split('\n')
                .Select(line => line.Split('\t'))
                .Where(fields => fields.Length == 3 && IsThere(fields[0].TrimEnd()))
                .Select(fields => new InstalledPackage(fields[1].Split(':')[0], fields[2].Trim(), fields[0].TrimEnd())),
        ];

    /// <summary>
    /// The second letter is what is there: `n` nothing, `c` configuration files alone. A third one is an error.
    /// </summary>
    private static bool IsThere(string state) => state.Length >= 2 && state[1] is not ('n' or 'c');
}

/// <summary>All that a decision about this machine takes.</summary>
internal sealed record SetupFacts(SystemFacts System)
{
    public ImmutableArray<Missing> Missing { get; init; } = [];

    /// <summary>The socket of the engine that this machine's docker command is set to.</summary>
    public EngineSocket Socket { get; init; } = new("/var/run/docker.sock", SocketState.Silent);

    /// <summary>Engines that answer elsewhere on this machine: rootless ones, Docker Desktop, Podman.</summary>
    public ImmutableArray<EngineSocket> OtherEngines { get; init; } = [];

    /// <summary>Names of the containers that run on <see cref="Socket"/>.</summary>
    public ImmutableArray<string> Running { get; init; } = [];

    public ImmutableArray<InstalledPackage> Packages { get; init; } = [];

    /// <summary>Where the docker command really is, links followed; null: none.</summary>
    public string? DockerCommand { get; init; }

    /// <summary>Where the engine's program really is, links followed; null: none.</summary>
    public string? EngineProgram { get; init; }

    /// <summary>
    /// What systemd says of the docker service: `active`, `inactive`, `failed`, `masked`; empty: nothing.
    /// </summary>
    public string Service { get; init; } = "";

    public bool IsRoot { get; init; } = true;

    public bool HasSudo { get; init; } = true;

    public string? VersionOf(string package) => Packages.FirstOrDefault(found => found.Name == package)?.Version;
}
