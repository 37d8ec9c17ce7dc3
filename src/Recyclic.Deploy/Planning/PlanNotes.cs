using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what the plan of a deploy says besides its steps.</summary>
internal static class PlanNotes
{
    public static ImmutableArray<string> Of(
        Application app,
        Snapshot now,
        Release release,
        ImmutableArray<DataVolume> volumes,
        ImmutableArray<SharedVolume> shared,
        DeployOptions options
    ) =>
        [
            .. Unrouted.IsSo(app, now) ? new[] { Unrouted.Note } : [],
            .. app.Warnings,
            .. FileNotes(app),
            .. AdoptionPlan.Notes(app, now),
            .. Callers.Notes(app, now),
            .. ProxyNotes.Of(app, now),
            .. AssetNotes.Of(app, options),
            .. CanaryPlan.Notes(now, options),
            .. WatchPlan.Notes(app, now, options),
            .. WeakGates.Notes(app),
            .. PortChanges.Notes(app, now),
            .. Obtaining.Notes(app, now),
            .. now.Current?.Release.Equals(release) == true
                ? [$"{release.Tag} is what users have already; it is deployed again with the same images"]
                : Array.Empty<string>(),
            .. MigrationNotes.Of(app, now, release),
            .. DataVolumes.Notes(app, now),
            .. StopFirst.Notes(app, volumes, now, options),
            .. SharedVolumes.Notes(shared, now, release),
        ];

    private static IEnumerable<string> FileNotes(Application app)
    {
        var titles = app.Files.Travelling.Select(file => file.Title).Distinct().ToList();
        if (titles.Count > 0)
            yield return $"the release has its own copy of {string.Join(", ", titles)}";
        var others = app.AccessoryFiles.Travelling.Select(file => file.Title).Distinct().ToList();
        if (others.Count > 0)
            yield return $"accessories have a copy of {string.Join(", ", others)} from when they are created";
    }
}
