using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Looks at the way back: whether the images of the release before are there, where nothing else of it is.</summary>
internal static class LostImages
{
    /// <returns>The services whose images are gone, as after `docker system prune --all`; empty: a rollback has what it
    /// needs.</returns>
    public static async Task<ImmutableArray<string>> OfAsync(
        Snapshot now,
        IImageStore store,
        CancellationToken cancellationToken
    )
    {
        if (now.Journal.Previous is not { } previous || RollbackTarget.StateOf(previous, now) != "images")
            return [];
        var images = previous.Release.Images;
        var there = await store.InspectImagesAsync(images.Values.Select(image => image.Digest), cancellationToken);
        return [.. images.Where(image => !there.ContainsKey(image.Value.Digest)).Select(image => image.Key)];
    }
}
