using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Running;

/// <summary>The files that belong to releases: which of them a deploy uses, and which nobody needs any more.</summary>
internal sealed class ReleaseFileCare(Platform platform, IDeployReporter reporter, TimeProvider time)
{
    /// <summary>How long the removal of what nobody needs may take.</summary>
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The application with files that can be compared with those of the release before; and the release, which has its
    /// name from them too.
    /// </summary>
    /// <param name="operation">A way back has the files that its release had, as long as they are there.</param>
    /// <exception cref="ConfigurationException">Somebody else has a volume of the name that the release's files are to
    /// have.</exception>
    public async Task<(Application App, Release Release)> ReadyAsync(
        Application app,
        Snapshot now,
        Release release,
        Operation operation,
        CancellationToken cancellationToken
    )
    {
        if (app.Files.All.IsEmpty && app.AccessoryFiles.IsEmpty)
            return (app, release);
        var files = app.Files.KeyedBy(now.Journal.FilesKey ?? app.Files.Key);
        if (operation == Operation.Deploy)
            release = release.With(files.Fingerprint);
        app = app with { Files = files };
        if (files.IsEmpty)
            return (app, release);
        var name = now.Names.FilesVolume(release.Id);
        var volume = (await platform.Host.ReadVolumesAsync([name], cancellationToken)).GetValueOrDefault(name);
        if (volume is not null && !IsOf(volume.Labels, app, release))
            throw new ConfigurationException(
                $"volume {name}",
                "the files of the release are to be in a volume of this name, but the one that is here was made by somebody else",
                $"If nobody needs it: docker volume rm {name}."
            );
        if (operation == Operation.Deploy)
            return (app, release);
        return (
            volume is not null && files.KeptIn(volume.Labels) is { } kept
                ? app with
                {
                    Files = kept,
                }
                : app with
                {
                    Warnings = app.Warnings.Add(Lost(app, release)),
                },
            release
        );
    }

    /// <summary>
    /// Removes what no release that is kept, and no container, needs. A failure is a warning: the next deploy does it.
    /// </summary>
    public async Task RemoveUnneededAsync(string app, IEnumerable<Release> kept)
    {
        using var deadline = new CancellationTokenSource(RemovalDeadline, time);
        try
        {
            await platform.Releases.RemoveFilesAsync(
                app,
                kept.Select(release => release.Id).ToHashSet(),
                deadline.Token
            );
        }
        catch (Exception exception)
        {
            reporter.Warn($"files of earlier releases stay on the host: {exception.Message}");
        }
    }

    private static bool IsOf(ImmutableDictionary<string, string> labels, Application app, Release release) =>
        labels.GetValueOrDefault(Naming.AppLabel) == app.Name
        && labels.GetValueOrDefault(Naming.RoleLabel) == ReleaseFiles.Role
        && labels.GetValueOrDefault(Naming.ReleaseLabel) == release.Id;

    private static string Lost(Application app, Release release) =>
        $"the files that {release.Tag} had are not on the host any more: it gets {string.Join(", ", app.Files.Travelling.Select(file => file.Title).Distinct())} as they are here now";

    /// <summary>Whether any release ever had files of its own, so that there may be some to remove.</summary>
    public static bool MayHaveFiles(Snapshot now, Application? app) =>
        now.Journal.FilesKey is not null || app is { Files.IsEmpty: false } or { AccessoryFiles.IsEmpty: false };
}
