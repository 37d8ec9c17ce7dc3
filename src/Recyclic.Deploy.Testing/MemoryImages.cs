using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Testing;

/// <summary>The images of a <see cref="MemoryCluster"/>: all that anybody names, but for those that were removed.</summary>
internal sealed class MemoryImages(MemoryCalls calls) : IImageStore
{
    private readonly MemoryCluster _cluster = calls.Cluster;

    /// <summary>The content of an image: its name's last part, so that a test can tell what runs.</summary>
    /// <param name="reference">`team/api:1` is `sha256:api-1`; what is named by its content has that one.</param>
    public static string DigestOf(string reference) =>
        reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference
        : reference.Split('@') is [_, var digest] ? digest
        : "sha256:" + reference[(reference.LastIndexOf('/') + 1)..].Replace(':', '-');

    public Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) =>
        calls.AskAsync(
            "images",
            () =>
                references
                    .Distinct()
                    .Where(reference => !_cluster.RemovedImages.Contains(reference))
                    .ToImmutableDictionary(
                        reference => reference,
                        reference => new ImageFacts(reference, DigestOf(reference), "amd64", "linux")
                        {
                            Volumes = _cluster.Volumes.DeclaredBy(reference),
                            HealthCheck = _cluster.ImageChecks.GetValueOrDefault(reference),
                        }
                    ),
            cancellationToken
        );

    /// <summary>By what a registry knows the same content: digits, as a build hands them from target to target.</summary>
    public static string RegistryDigestOf(string reference) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DigestOf(reference))));

    public Task<string?> PullAsync(string reference, CancellationToken cancellationToken) =>
        calls.AskAsync<string?>(
            "pull",
            () =>
            {
                if (!_cluster.HasRegistry || !reference.Contains('@') || _cluster.IsLost(reference))
                    return "not found";
                _cluster.RemovedImages.ExceptWith([reference, DigestOf(reference)]);
                return null;
            },
            cancellationToken
        );

    public Task<ImmutableArray<string>> RemoveImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var all = references.ToList();
        return calls.AskAsync(
            "remove images",
            () =>
            {
                var refused = ImmutableArray<string>.Empty;
                _cluster.Change(
                    "remove images",
                    () =>
                        refused = [
                            .. all.Where(reference => !_cluster.RemoveImage(reference))
                                .Select(reference => $"image {reference} stays: a container uses it"),
                        ]
                );
                return refused;
            },
            cancellationToken
        );
    }
}
