using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// The edge's image, built from files in this library; its tag is their hash. It is built on the target engine, or
/// where that can neither pull the base nor reach Debian's packages, on this machine's engine, and brought from there.
/// </summary>
public sealed class EdgeImage(DockerCli docker, EngineClient engine)
{
    /// <summary>The roles of the containers that an agent runs in, as their label says.</summary>
    public const string LockRole = "lock",
        QueueRole = "queue",
        ReaderRole = "reader";

    private static readonly string[] Files = ["Dockerfile", "agent.sh", "edge.sh"];

    /// <summary>
    /// How long a build may take. One that cannot get at the packages would else take much longer to say so.
    /// </summary>
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(5);

    /// <summary>What sets the docker command line to this machine's own engine, whatever it is set to.</summary>
    private static readonly ImmutableDictionary<string, string> Here = ImmutableDictionary<string, string>
        .Empty.Add("DOCKER_HOST", "")
        .Add("DOCKER_CONTEXT", "default");

    /// <summary>`recyclic/edge:` and 12 digits, which change with any of the image's files.</summary>
    public static string Reference { get; } =
        "recyclic/edge:"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Files.Select(Read)))))[..12];

    /// <summary>Whether the target engine has the image; builds and brings nothing.</summary>
    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) =>
        await engine.FindImageAsync(Reference, cancellationToken) is not null;

    /// <summary>Builds the image if the engine does not have it, or brings it.</summary>
    /// <exception cref="EngineException">Neither can be done.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await IsPresentAsync(cancellationToken))
            return;
        var directory = Directory.CreateTempSubdirectory("recyclic-edge-");
        try
        {
            foreach (var file in Files)
                await File.WriteAllTextAsync(Path.Combine(directory.FullName, file), Read(file), cancellationToken);
            if (await WhyNotBuiltAsync(directory.FullName, null, cancellationToken) is not { } notThere)
                return;
            var notHere = docker.Setting.IsSystemEngine
                ? "it is the same engine"
                : await WhyNotBroughtAsync(directory.FullName, cancellationToken);
            if (notHere is not null)
                throw new EngineException(
                    $"the engine does not have {Reference} and cannot build it: {notThere}; nor can it be brought from this machine's engine: {notHere}. Let one of them reach debian:bookworm-slim and Debian's packages, or load the image by hand: docker load"
                );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<string?> WhyNotBroughtAsync(string directory, CancellationToken cancellationToken)
    {
        if (await WhyNotBuiltAsync(directory, Here, cancellationToken) is { } why)
            return why;
        var here = (
            await RunAsync(
                ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", Reference],
                Here,
                cancellationToken
            )
        ).StandardOutput.Trim();
        var server = await engine.ReadVersionAsync(cancellationToken);
        var there = $"{server.Os}/{server.Arch}";
        if (here != there)
            return $"that one is {here}, the other {there}";
        var archive = Path.Combine(directory, "edge.tar");
        foreach (
            var (arguments, where) in new[]
            {
                ((string[])["save", "--output", archive, Reference], Here),
                (["load", "--quiet", "--input", archive], null),
            }
        )
            if (await RunAsync(arguments, where, cancellationToken) is { Succeeded: false } failed)
                return LastLine(failed);
        return null;
    }

    private async Task<string?> WhyNotBuiltAsync(
        string directory,
        ImmutableDictionary<string, string>? where,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var built = await RunAsync(["build", "--quiet", "--tag", Reference, directory], where, cancellationToken);
            return built.Succeeded ? null : LastLine(built);
        }
        catch (CommandFailedException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.Message.Split('\n')[0];
        }
    }

    /// <param name="where">Null: the target engine.</param>
    private Task<CommandResult> RunAsync(
        IEnumerable<string> arguments,
        ImmutableDictionary<string, string>? where,
        CancellationToken cancellationToken
    ) =>
        docker.TryChangeAsync(
            Command.Of("docker", arguments) with
            {
                Environment = where ?? ImmutableDictionary<string, string>.Empty,
                Timeout = BuildDeadline,
            },
            cancellationToken
        );

    private static string LastLine(CommandResult result) =>
        PrintableText.Of(
            result
                .StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault()
                ?? $"exit code {result.ExitCode}",
            300
        );

    /// <summary>
    /// The edge runs as a user without rights, on a read-only file system; only its volume can be written. Its names
    /// have no dot, and with `ndots` set the engine asks nobody outside for such a name; for any other it would ask
    /// 127.0.0.1, where nobody is. </summary>
    /// <param name="mark">See <see cref="Ownership"/>; here and below.</param>
    public static IEnumerable<string> CreateArguments(Naming naming, EdgeConfiguration configuration, string mark) =>
        [
            "create",
            "--name",
            naming.EdgeContainer,
            "--restart",
            "always",
            "--network",
            naming.Networks[0],
            "--dns",
            "127.0.0.1",
            "--dns-option",
            "ndots:1",
            .. Labels(naming, Naming.EdgeRole, mark),
            .. configuration.Ports.SelectMany(port =>
                new[] { "--publish", $"{port}:{port[(port.LastIndexOf(':') + 1)..]}" }
            ),
            .. Confinement(naming),
            "--log-opt",
            "max-size=20m",
            "--log-opt",
            "max-file=2",
            Reference,
        ];

    /// <summary>
    /// A door: HAProxy alone. It reaches the edge by a socket in the volume, which it can otherwise only read, so it
    /// finds the edge whatever address that has.
    /// </summary>
    public static IEnumerable<string> DoorArguments(Naming naming, Door door, string mark) =>
        [
            "create",
            "--name",
            naming.DoorContainer(door.Service),
            "--pull",
            "never",
            "--restart",
            "always",
            .. DockerCommands.Joining(door.Networks[0]),
            .. Labels(naming, Naming.DoorRole, mark),
            "--label",
            $"{Naming.DoorLabel}={door.Service}",
            .. Confinement(naming, ":ro"),
            "--log-opt",
            "max-size=1m",
            "--log-opt",
            "max-file=2",
            Reference,
            "haproxy",
            "-W",
            "-db",
            "-f",
            door.ConfigurationFile,
        ];

    /// <summary>
    /// The lock, or a place in the queue for it, and the agent behind it: the same image and volume, no network.
    /// </summary>
    /// <param name="role"><see cref="LockRole"/> or <see cref="QueueRole"/>.</param>
    public static IEnumerable<string> AgentArguments(
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
            .. Confinement(naming),
            Reference,
            "recyclic-agent",
        ];

    /// <summary>An agent that reads the records of a host whose edge does not run.</summary>
    public static IEnumerable<string> ReaderArguments(Naming naming, string mark) =>
        [
            "run",
            "--rm",
            "--interactive",
            "--network",
            "none",
            "--volume",
            $"{naming.StateVolume}:{EdgeConfiguration.StateDirectory}:ro",
            .. Labels(naming, ReaderRole, mark),
            Reference,
            "recyclic-agent",
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
        [
            "--volume",
            $"{naming.StateVolume}:{EdgeConfiguration.StateDirectory}{access}",
            "--read-only",
            "--tmpfs",
            "/tmp",
            "--cap-drop",
            "ALL",
            "--security-opt",
            "no-new-privileges",
        ];

    private static string Read(string file)
    {
        using var stream =
            typeof(EdgeImage).Assembly.GetManifestResourceStream("Edge." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
