using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>An image as asked for and as pinned.</summary>
/// <param name="Reference">What the compose file says, for example <c>recyclic/api:abc1234</c>.</param>
/// <param name="Digest">The content: <c>sha256:…</c> of the image as the engine knows it.</param>
public sealed record ImageRef(string Reference, string Digest);

/// <summary>What is deployed: a tag and the exact images by digest. Immutable; two releases with the same digests are the same.</summary>
public sealed record Release(string Id, string Tag, ImmutableSortedDictionary<string, ImageRef> Images)
{
    public static Release Of(string tag, IReadOnlyDictionary<string, ImageRef> imagesByService)
    {
        var images = imagesByService.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var content = string.Join('\n', images.Select(image => $"{image.Key}={image.Value.Digest}"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..8];
        return new Release($"{tag}-{hash}", tag, images);
    }

    public bool Equals(Release? other) => other?.Id == Id;

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
