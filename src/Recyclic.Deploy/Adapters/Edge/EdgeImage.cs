using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;

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

    /// <summary>`recyclic/edge:` and 12 digits, which change with any of the image's files.</summary>
    public static string Reference { get; } =
        "recyclic/edge:"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Files.Select(Read)))))[..12];

    private readonly OwnImage _image;

    /// <param name="docker">The command line of the target engine.</param>
    /// <param name="engine">The same engine's API.</param>
    public EdgeImage(DockerCli docker, EngineClient engine)
        : this(docker, engine, new HostChanges(docker, new HostObjects(engine, new ImageLabels(engine)), engine)) { }

    internal EdgeImage(DockerCli docker, EngineClient engine, HostChanges changes) =>
        _image = new OwnImage(docker, engine, changes, Reference, Files.ToImmutableDictionary(file => file, Read), []);

    /// <summary>Whether the target engine has the image; builds and brings nothing.</summary>
    public Task<bool> IsPresentAsync(CancellationToken cancellationToken) => _image.IsPresentAsync(cancellationToken);

    /// <summary>Builds the image if the engine does not have it, or brings it.</summary>
    /// <exception cref="EngineException">Neither can be done.</exception>
    public Task EnsureAsync(CancellationToken cancellationToken) => _image.EnsureAsync(cancellationToken);

    /// <summary>Builds the image again, with the newest packages that there are, or brings one that was.</summary>
    /// <exception cref="EngineException">Neither can be done; the image that there was is still there.</exception>
    public Task RenewAsync(CancellationToken cancellationToken) => _image.RenewAsync(cancellationToken);

    private static string Read(string file)
    {
        using var stream =
            typeof(EdgeImage).Assembly.GetManifestResourceStream("Edge." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
