using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// The edge's image, built from files in this library; its tag is their hash. It is built on the target engine, or
/// where that can neither pull the base nor reach Debian's packages, on this machine's engine, and brought from there.
/// </summary>
public sealed class EdgeImage
{
    /// <summary>The roles of the containers that an agent runs in, as their label says.</summary>
    public const string LockRole = "lock",
        QueueRole = "queue",
        ReaderRole = "reader";

    private static readonly string[] Files =
    [
        "Dockerfile",
        "agent.sh",
        "approval.pl",
        "edge.sh",
        "hold.lua",
        "knock.pl",
    ];

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

    private readonly DockerCli _docker;
    private readonly EngineClient _engine;
    private readonly HostChanges _changes;

    /// <param name="docker">The command line of the target engine.</param>
    /// <param name="engine">The same engine's API.</param>
    public EdgeImage(DockerCli docker, EngineClient engine)
        : this(docker, engine, new HostChanges(docker, new HostObjects(engine, new ImageLabels(engine)), engine)) { }

    internal EdgeImage(DockerCli docker, EngineClient engine, HostChanges changes) =>
        (_docker, _engine, _changes) = (docker, engine, changes);

    /// <summary>Whether the target engine has the image; builds and brings nothing.</summary>
    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) =>
        await _engine.FindImageAsync(Reference, cancellationToken) is not null;

    /// <summary>Builds the image if the engine does not have it, or brings it.</summary>
    /// <exception cref="EngineException">Neither can be done.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!await IsPresentAsync(cancellationToken))
            await MakeAsync([], cancellationToken);
    }

    /// <summary>Builds the image again, with the newest packages that there are, or brings one that was.</summary>
    /// <exception cref="EngineException">Neither can be done; the image that there was is still there.</exception>
    public Task RenewAsync(CancellationToken cancellationToken) => MakeAsync(["--no-cache"], cancellationToken);

    private async Task MakeAsync(ImmutableArray<string> how, CancellationToken cancellationToken)
    {
        var directory = PrivateFiles.CreateFolder("recyclic-edge-");
        try
        {
            foreach (var file in Files)
                PrivateFiles.Write(Path.Combine(directory.FullName, file), Read(file));
            if (await WhyNotBuiltAsync(directory.FullName, how, null, cancellationToken) is not { } notThere)
                return;
            var notHere = _docker.Setting.IsSystemEngine
                ? "it is the same engine"
                : await WhyNotBroughtAsync(directory.FullName, how, cancellationToken);
            if (notHere is not null)
                throw new EngineException(
                    $"the engine {(how.IsEmpty ? $"does not have {Reference} and " : "")}cannot build {(how.IsEmpty ? "it" : Reference)}: {notThere}; nor can it be brought from this machine's engine: {notHere}. Let one of them reach debian:bookworm-slim and Debian's packages, or load the image by hand: docker load"
                );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<string?> WhyNotBroughtAsync(
        string directory,
        ImmutableArray<string> how,
        CancellationToken cancellationToken
    )
    {
        // One that is here is brought as it is: built again it would be another one, and this engine's edges outdated.
        var here = how.IsEmpty ? await PlatformHereAsync(cancellationToken) : "";
        if (here.Length == 0)
        {
            if (await WhyNotBuiltAsync(directory, how, Here, cancellationToken) is { } why)
                return why;
            here = await PlatformHereAsync(cancellationToken);
        }
        var server = await _engine.ReadVersionAsync(cancellationToken);
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

    /// <summary>What the image of this machine's engine is for, such as `linux/amd64`; empty: it has none.</summary>
    private async Task<string> PlatformHereAsync(CancellationToken cancellationToken) =>
        (
            await _docker.ReadAsync(
                ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", Reference],
                cancellationToken,
                Here
            )
        ).StandardOutput.Trim();

    private async Task<string?> WhyNotBuiltAsync(
        string directory,
        ImmutableArray<string> how,
        ImmutableDictionary<string, string>? where,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var built = await RunAsync(
                ["build", "--quiet", .. how, "--tag", Reference, directory],
                where,
                cancellationToken
            );
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
    ) => _changes.MakeImageAsync(arguments, where, BuildDeadline, cancellationToken);

    private static string LastLine(CommandResult result) =>
        PrintableText.Of(
            result
                .StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault()
                ?? $"exit code {result.ExitCode}",
            300
        );

    private static string Read(string file)
    {
        using var stream =
            typeof(EdgeImage).Assembly.GetManifestResourceStream("Edge." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
