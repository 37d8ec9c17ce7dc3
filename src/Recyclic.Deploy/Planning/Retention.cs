using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Which images may go. Pure.</summary>
internal static class Retention
{
    /// <summary>
    /// References of releases beyond the last <paramref name="keep"/>, never one that a kept release uses.
    /// </summary>
    /// <param name="needed">References and digests that must stay for others; default: none.</param>
    public static ImmutableArray<string> OutdatedImages(
        Journal journal,
        Release next,
        int keep,
        ImmutableHashSet<string>? needed = null
    )
    {
        var kept = Kept(journal, next, keep);
        var names = kept.SelectMany(NamesOf).ToHashSet();
        names.UnionWith(needed ?? []);
        return
        [
            .. Releases(journal, next)
                .Except(kept)
                .Reverse()
                .SelectMany(release => release.Images.Values)
                .Where(image => !NamesOf(image).Any(names.Contains))
                // Where the images were pushed from, they have their tag too.
                .SelectMany(image =>
                    image.RegistryDigest is { } digest ? new[] { digest, image.Reference } : [image.Reference]
                )
                .Distinct(),
        ];
    }

    /// <summary>The releases whose images stay.</summary>
    /// <param name="next">One that is about to be deployed; null: none.</param>
    public static ImmutableArray<Release> Kept(Journal journal, Release? next, int keep) =>
        [
            .. Releases(journal, next)
                .Take(Math.Max(keep, 2))
                .Concat(journal.GoodReleases.TakeLast(2).Select(good => good.Release))
                .Distinct(),
        ];

    /// <summary>All that the images of a release are called.</summary>
    public static IEnumerable<string> NamesOf(Release release) => release.Images.Values.SelectMany(NamesOf);

    private static IEnumerable<string> NamesOf(ImageRef image) =>
        image.RegistryDigest is { } digest ? [image.Digest, image.Reference, digest] : [image.Digest, image.Reference];

    /// <summary>Newest first.</summary>
    private static List<Release> Releases(Journal journal, Release? next) =>
        [
            .. journal
                .Commitments.Select(commitment => commitment.Release)
                .Concat(next is null ? [] : [next])
                .Reverse()
                .DistinctBy(release => release.Id),
        ];
}
