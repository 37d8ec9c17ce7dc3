using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: which services a plan hands over, and what it says of the gap in which they are down.</summary>
internal static class StopFirst
{
    /// <summary>
    /// For a release that is started from a compose file: in the order in which they start. What only the release
    /// before it has stops with them.
    /// </summary>
    public static ImmutableArray<string> Of(Application app, Snapshot now)
    {
        var own = app.Exclusives.OrderBy(service => service.HandOverOrder).Select(service => service.Name).ToList();
        var before = now.Current is { } current
            ? InOrder(now[current.Slot].Containers.Where(container => container.IsExclusive))
            : [];
        return [.. own, .. before.Except(app.Services.Select(service => service.Name))];
    }

    /// <summary>
    /// For a way between two releases whose containers are there: one that must not run twice for either of them does
    /// not.
    /// </summary>
    public static ImmutableArray<string> Between(Snapshot now) =>
        [.. InOrder(now.Blue.Containers.Concat(now.Green.Containers).Where(container => container.IsExclusive))];

    /// <summary>For a release that is started from a compose file.</summary>
    public static IEnumerable<string> Notes(
        Application app,
        ImmutableArray<DataVolume> volumes,
        Snapshot now,
        DeployOptions options
    )
    {
        foreach (
            var (service, own) in app
                .Exclusives.Select(service =>
                    (service.Name, OwnPorts.NamesOf(app.Document["services"].At(service.Name)))
                )
                .Where(entry => !entry.Item2.IsEmpty)
        )
            yield return $"{service} publishes {string.Join(", ", own)} by its container itself, since the edge forwards TCP: one container alone can, so it is stop-first";
        foreach (
            var service in app.Exclusives.Where(service =>
                NetworkModes.IsHost(app.Document["services"].At(service.Name))
            )
        )
            yield return $"{service.Name} is on the host's network, which one container alone can use for a port, so it is stop-first; its ports are its own, the edge does not publish them";
        var byDefault = app
            .Exclusives.Where(service =>
                app.IsFileRelease
                && service.MayOverlap is null
                && (
                    OneWriter.Written(app, service).Any()
                    || OneWriter
                        .NeedsOf(app.Document, service.Name)
                        .Any(other => app.Exclusives.Any(exclusive => exclusive.Name == other))
                )
            )
            .ToList();
        foreach (
            var service in app.Exclusives.Where(service =>
                byDefault.Contains(service) || app.Routes.Any(route => route.Service == service.Name)
            )
        )
        {
            var waits = Waits(
                app.Routes.Any(route => route.Service == service.Name)
                    ? service.Hold ?? HeldRoutes.Default
                    : TimeSpan.Zero
            );
            var down =
                now.Current is { Slot: var old } && now[old].Of(service.Name).Any()
                    ? Gap(service.Name, old, now.Journal, options) + waits
                    : $"{service.Name} is stop-first: at each later deploy it is down from its stop until its health gate passes{waits}";
            yield return byDefault.Contains(service)
                ? $"{down}; {Why(app, service, volumes)}; to let two releases run at once: x-recyclic: {{ overlap: true }}"
                : down;
        }
    }

    /// <summary>For a way back to a release whose containers are still there.</summary>
    public static IEnumerable<string> Notes(Snapshot now, DeployOptions options) =>
        now.Current is not { Slot: var serving }
            ? []
            : from service in Between(now)
            let routed = now[serving].Of(service).FirstOrDefault(container => container.IsRouted)
            where routed is not null
            select Gap(service, serving, now.Journal, options) + Waits(routed.HoldsFor);

    private static string Waits(TimeSpan longest) =>
        longest > TimeSpan.Zero
            ? FormattableString.Invariant(
                $", and requests for it wait in the edge meanwhile, each at most {longest.TotalSeconds:0.#} s"
            )
            : "";

    private static string Gap(string service, Slot old, Journal journal, DeployOptions options)
    {
        var deadline = options.DeployTimeout.TotalSeconds;
        var estimate = LastGap(journal, service) is { } last
            ? FormattableString.Invariant($"its last hand-over took {last.TotalSeconds:0.0} s")
            : FormattableString.Invariant(
                $"at most what its stop may take, 10 s unless stop_grace_period says otherwise, and {deadline:0.#} s for the gate"
            );
        return $"{service} is down from its stop in {old.Name()} until its health gate passes in {old.Other().Name()} ({estimate})";
    }

    private static string Why(Application app, ReleaseService service, ImmutableArray<DataVolume> volumes)
    {
        var written = OneWriter
            .Written(app, service)
            .Select(mount =>
                volumes.FirstOrDefault(volume => volume.Service == service.Name && volume.Path == mount.Target)
                    is { } volume
                    ? mount with
                    {
                        Source = volume.Name,
                    }
                    : mount
            )
            .Select(mount => mount.Describe())
            .ToList();
        if (written.Count > 0)
            return $"the file itself is the release, and two releases would write to {string.Join(", ", written)}";
        var needed = OneWriter
            .NeedsOf(app.Document, service.Name)
            .Where(other => app.Exclusives.Any(exclusive => exclusive.Name == other));
        return $"it needs {string.Join(", ", needed)}, which must not run twice";
    }

    /// <summary>How long the last hand-over of a service that came through took; null: none is recorded.</summary>
    private static TimeSpan? LastGap(Journal journal, string service)
    {
        var ends = journal
            .Records.Where(record => record is { Kind: JournalKind.StepEnded, Number: not null })
            .GroupBy(record => (record.Deploy, record.Number))
            .ToDictionary(step => step.Key, step => step.Last().At);
        return journal
            .Records.Where(record => record.Kind == JournalKind.StepBegun && HandedOver(record.Step).Contains(service))
            .Select(record =>
                ends.TryGetValue((record.Deploy, record.Number), out var end) ? end - record.At : (TimeSpan?)null
            )
            .LastOrDefault(time => time >= TimeSpan.Zero);
    }

    /// <summary>
    /// The services of a step that handed over from one slot to the other, by the sentence that the journal has of it.
    /// </summary>
    private static string[] HandedOver(string? step)
    {
        const string Verb = "hand over ";
        return step?.StartsWith(Verb, StringComparison.Ordinal) == true
            ? step[Verb.Length..].Split(':')[0].Split(", ")
            : [];
    }

    private static IEnumerable<string> InOrder(IEnumerable<Container> containers) =>
        containers.OrderBy(container => container.HandOverOrder).Select(container => container.Service).Distinct();
}
