using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;

namespace Recyclic.Deploy.Adapters.Acme;

/// <summary>
/// The image that certificates are obtained by: the edge's, with certbot's library. It is made where somebody wants a
/// certificate, so the edge itself, which faces the internet, has none of it.
/// </summary>
internal sealed class AcmeImage(DockerCli docker, EngineClient engine, HostChanges changes)
{
    /// <summary>The role of the container that runs in it, as its label says.</summary>
    public const string Role = "acme";

    private static readonly ImmutableDictionary<string, string> Files = new[]
    {
        "Dockerfile",
        "acme.py",
    }.ToImmutableDictionary(file => file, Read);

    private readonly OwnImage _image = new(
        docker,
        engine,
        changes,
        Reference,
        Files,
        ["--build-arg", $"EDGE={EdgeImage.Reference}"]
    );

    /// <summary>`recyclic/acme:` and 12 digits, which change with any of its files and with the edge's image.</summary>
    public static string Reference { get; } =
        "recyclic/acme:"
        + Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    EdgeImage.Reference + string.Concat(Files.OrderBy(file => file.Key, StringComparer.Ordinal))
                )
            )
        )[..12];

    public Task EnsureAsync(CancellationToken cancellationToken) => _image.EnsureAsync(cancellationToken);

    /// <summary>With today's packages, where it is used.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await _image.IsPresentAsync(cancellationToken))
            await _image.RenewAsync(cancellationToken);
    }

    private static string Read(string file)
    {
        using var stream =
            typeof(AcmeImage).Assembly.GetManifestResourceStream("Acme." + file)
            ?? throw new InvalidOperationException($"The library was built without its resource {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
