using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Which images may go. Pure.</summary>
public static class Retention
{
    /// <summary>References of releases beyond the last <paramref name="keep"/>, never one that a kept release uses.</summary>
    public static ImmutableArray<string> OutdatedImages(Journal journal, Release next, int keep)
    {
        var releases = journal.Commitments.Select(commitment => commitment.Release).Append(next)
            .Reverse().DistinctBy(release => release.Id).ToList();
        var kept = releases.Take(Math.Max(keep, 2)).Concat(journal.GoodReleases.TakeLast(2).Select(good => good.Release)).ToList();
        var keptDigests = kept.SelectMany(release => release.Images.Values).Select(image => image.Digest).ToHashSet();
        var keptReferences = kept.SelectMany(release => release.Images.Values).Select(image => image.Reference).ToHashSet();
        return
        [
            .. releases.Except(kept).Reverse().SelectMany(release => release.Images.Values)
                .Where(image => !keptDigests.Contains(image.Digest) && !keptReferences.Contains(image.Reference))
                // Where the images were pushed from, they have their tag too.
                .SelectMany(image => image.RegistryDigest is { } digest ? new[] { digest, image.Reference } : [image.Reference]).Distinct(),
        ];
    }
}
