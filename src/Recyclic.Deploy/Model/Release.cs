using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

/// <summary>An image as asked for and as pinned.</summary>
/// <param name="Reference">What the compose file says, for example <c>recyclic/api:abc1234</c>.</param>
/// <param name="Digest">The content: <c>sha256:…</c> of the image as the engine knows it.</param>
public sealed record ImageRef(string Reference, string Digest)
{
    /// <summary>
    /// The content as its registry names it, `host:port/name@sha256:…`; null: it comes from no registry.
    /// </summary>
    public string? RegistryDigest { get; init; }
}

/// <summary>
/// What is deployed: a tag and the exact images by digest. Immutable; two releases with the same digests are the same,
/// and where the file is the release, with the same file.
/// </summary>
/// <param name="Id">The tag and 8 digits of its content, `abc1234-0f1e2d3c`.</param>
/// <param name="Tag">What people call it.</param>
/// <param name="Images">By service.</param>
public sealed record Release(string Id, string Tag, ImmutableSortedDictionary<string, ImageRef> Images)
{
    /// <param name="file">What stands for the file where that itself is the release, <see cref="ReleaseContent"/>;
    /// null: the images are the release.</param>
    public static Release Of(string tag, IReadOnlyDictionary<string, ImageRef> imagesByService, string? file = null)
    {
        var images = imagesByService.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var content =
            string.Join('\n', images.Select(image => $"{image.Key}={image.Value.Digest}"))
            + (file is null ? "" : $"\n{file}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..8];
        return new Release($"{tag}-{hash}", tag, images);
    }

    /// <summary>The same release with files that belong to it: other files are another release.</summary>
    /// <param name="files">What stands for their content; empty: there are none.</param>
    internal Release With(string files) =>
        files.Length == 0
            ? this
            : this with
            {
                Id =
                    $"{Tag}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}\n{files}")))[..8]}",
            };

    /// <summary>
    /// The images' content as one short text, the same on every engine: by the registry's digests where there are any,
    /// since engines may name the same content differently.
    /// </summary>
    [JsonIgnore]
    public string DigestSet
    {
        get
        {
            var content = string.Join(
                '\n',
                Images.Select(image =>
                    $"{image.Key}={image.Value.RegistryDigest?.Split('@')[^1] ?? image.Value.Digest}"
                )
            );
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..16];
        }
    }

    /// <summary>By the id alone, which has tag and content in it.</summary>
    public bool Equals(Release? other) => other?.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
