using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: which volume the next release gets where the compose file names none. An anonymous volume belongs to the
/// service and the path, not to the release: the next release goes on with the very one that the release before it has,
/// as compose does when it recreates. </summary>
internal static class DataVolumes
{
    /// <summary>The volumes that a plan has to know whether they are on the host.</summary>
    public static ImmutableArray<string> Candidates(Application app, Snapshot now) =>
        [.. Kept(app).SelectMany(place => CandidatesFor(app, now, place.Service.Name, place.Path)).Distinct()];

    /// <summary>
    /// One volume for each service and path that keeps what it writes; <see cref="Snapshot.Volumes"/> must hold the
    /// candidates.
    /// </summary>
    public static ImmutableArray<DataVolume> Plan(Application app, Snapshot now) =>
        [.. Kept(app).Select(place => Choose(app, now, place.Service.Name, place.Path).Volume)];

    /// <summary>Those of them that are yet to be made.</summary>
    public static ImmutableArray<DataVolume> New(IEnumerable<DataVolume> volumes, Snapshot now) =>
        [.. volumes.Where(volume => !now.Volumes.ContainsKey(volume.Name))];

    /// <summary>Volumes in the place of a new one of ours that somebody else has made.</summary>
    public static IEnumerable<ConfigurationProblem> Foreign(Application app, Snapshot now) =>
        from place in Kept(app)
        let choice = Choose(app, now, place.Service.Name, place.Path)
        where
            choice.IsByName
            && now.Volumes.TryGetValue(choice.Volume.Name, out var found)
            && !choice.Volume.IsMade(app.Name, found)
        select new ConfigurationProblem(
            $"volume {choice.Volume.Name}",
            $"{choice.Volume.Service} keeps {choice.Volume.Path} in a volume of this name, but the one that is here was made by somebody else",
            $"If it is not wanted: docker volume rm {choice.Volume.Name}. If it holds the data of {choice.Volume.Service}, say so in the file: {Naming(choice.Volume)}."
        );

    /// <summary>What a person should know of them, a line each.</summary>
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        foreach (var (service, path) in Kept(app))
        {
            var (volume, lost, _) = Choose(app, now, service.Name, path);
            if (lost is not null)
                yield return $"the volume {lost}, in which {service.Name} kept {path}, is not on this host any more: it {(now.Volumes.ContainsKey(volume.Name) ? "goes on with" : "begins with a new one,")} {volume.Name}";
            yield return $"{service.Name} keeps {path} in the volume {volume.Name}, from release to release; to have it in your file: {Naming(volume)}";
        }
        foreach (var service in app.Services.Where(service => !service.AnonymousPaths.IsEmpty))
        {
            var paths = string.Join(", ", service.AnonymousPaths);
            if (service.RenewsVolumes)
                yield return $"{service.Name} begins with a fresh {paths} in each release (renew-volumes): what is there goes with its release";
            else if (service.Replicas > 1)
                yield return $"{service.Name} has {service.Replicas} replicas, each with an anonymous volume of its own at {paths}: no release gets what an earlier one wrote there, and nothing removes it; to share one, name it: volumes: [\"data:{service.AnonymousPaths[0]}\"]";
        }
    }

    /// <summary>
    /// Replicas have an anonymous volume each, and compose cannot be told which of them gets which: theirs are not
    /// carried over.
    /// </summary>
    private static IEnumerable<(ReleaseService Service, string Path)> Kept(Application app) =>
        from service in app.Services
        where !service.RenewsVolumes && service.Replicas == 1
        from path in service.AnonymousPaths
        select (service, path);

    private static IEnumerable<string> CandidatesFor(Application app, Snapshot now, string service, string path) =>
        Held(now, service, path)
            .Concat(now.Journal.VolumeOf(service, path) is { } recorded ? [recorded] : [])
            .Append(DataVolume.NameFor(app.Name, service, path))
            .Distinct();

    /// <summary>
    /// What containers of the service have there: first those that serve, or that are taken over from. One that renews
    /// its volumes hands none on.
    /// </summary>
    private static IEnumerable<string> Held(Snapshot now, string service, string path) =>
        from container in now[now.Idle.Other()]
            .Of(service)
            .Concat(now.Adopted.In(now).Where(container => container.Service == service))
            .Concat(now[now.Idle].Of(service))
        where !container.RenewsVolumes
        from mount in container.Mounts
        where mount is { Type: "volume", Writable: true, Source.Length: > 0 } && mount.Target == path
        select mount.Source;

    /// <param name="Lost">The volume that should have been the one, but is not on the host; null: none.</param>
    /// <param name="IsByName">Whether neither a container nor the journal speaks for it: only its name.</param>
    private sealed record Choice(DataVolume Volume, string? Lost, bool IsByName);

    private static Choice Choose(Application app, Snapshot now, string service, string path)
    {
        var own = DataVolume.NameFor(app.Name, service, path);
        var known = CandidatesFor(app, now, service, path).ToList();
        var found = known.Find(now.Volumes.ContainsKey) ?? own;
        var isByName =
            found == own && !Held(now, service, path).Contains(own) && now.Journal.VolumeOf(service, path) != own;
        // The one by our own name has not been lost if it was never begun.
        var expected = isByName && known[0] == own ? null : known[0];
        return new Choice(
            new DataVolume(service, path, found),
            expected is not null && !now.Volumes.ContainsKey(expected) ? expected : null,
            isByName
        );
    }

    /// <summary>The lines with which a compose file names a volume that is there already.</summary>
    private static string Naming(DataVolume volume) =>
        $"volumes: [\"data:{volume.Path}\"] in {volume.Service}, and below the file's volumes data: {{ name: {volume.Name}, external: true }}";
}
