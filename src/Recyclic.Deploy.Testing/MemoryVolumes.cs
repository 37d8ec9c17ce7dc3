namespace Recyclic.Deploy.Testing;

/// <summary>
/// The volumes of a host in memory. Each container writes its tag to all that it may write, when it starts.
/// </summary>
internal sealed class MemoryVolumes
{
    private readonly Dictionary<
        string,
        (ImmutableDictionary<string, string> Labels, ImmutableList<string> Files)
    > _volumes = [];
    private readonly Dictionary<(string Service, string Path), HashSet<string>> _written = [];
    private int _anonymous;

    /// <summary>By service: the paths that its images declare by VOLUME.</summary>
    public Dictionary<string, ImmutableArray<string>> Declared { get; } = [];

    public IEnumerable<string> Names => _volumes.Keys;

    /// <summary>`team/api:1`, or by digest `sha256:api-1`.</summary>
    public ImmutableArray<string> DeclaredBy(string image) =>
        Declared
            .FirstOrDefault(declared =>
                image.StartsWith($"team/{declared.Key}:", StringComparison.Ordinal)
                || image.StartsWith($"sha256:{declared.Key}-", StringComparison.Ordinal)
            )
            .Value
            is { IsDefault: false } paths
            ? paths
            : [];

    public VolumeFacts? Find(string name) =>
        _volumes.TryGetValue(name, out var volume) ? new VolumeFacts(name, volume.Labels) : null;

    /// <summary>What lies in a volume; nothing where there is none.</summary>
    public IReadOnlyList<string> FilesOf(string name) => _volumes.TryGetValue(name, out var volume) ? volume.Files : [];

    public void Create(string name, IReadOnlyDictionary<string, string>? labels = null) =>
        _volumes.TryAdd(name, (labels?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty, []));

    /// <summary>The volume of a release's files, with nothing in it yet.</summary>
    public void CreateFiles(Application app, string name, string release) =>
        Create(
            name,
            new Dictionary<string, string>
            {
                [Naming.AppLabel] = app.Name,
                [Naming.RoleLabel] = ReleaseFiles.Role,
                [Naming.ReleaseLabel] = release,
                [ReleaseFiles.Label] = app.Files.ToLabel(),
            }
        );

    /// <summary>Puts each file's text into it; one that is to be used as it is stays as it is.</summary>
    public void Fill(ReleaseFiles files, string name)
    {
        if (files.Kept is null)
            _volumes[name] = _volumes[name] with
            {
                Files = [.. files.Archive().Select(node => System.Text.Encoding.UTF8.GetString(node.Content ?? []))],
            };
        else if (FilesOf(name).Count == 0)
            throw new Adapters.Docker.EngineException($"the volume {name} has nothing in it");
    }

    /// <summary>Volumes of files that no release that is kept, and no container, needs.</summary>
    public IEnumerable<string> FilesBeyond(IReadOnlySet<string> keep, IEnumerable<Container> containers) =>
        _volumes
            .Where(volume =>
                volume.Value.Labels.GetValueOrDefault(Naming.RoleLabel) == ReleaseFiles.Role
                && !keep.Contains(volume.Value.Labels[Naming.ReleaseLabel])
                && !containers.Any(container => container.Mounts.Any(mount => mount.Source == volume.Key))
            )
            .Select(volume => volume.Key)
            .ToList();

    /// <summary>By hand, as a person may do with one that no container has.</summary>
    public void Lose(string name)
    {
        _volumes.Remove(name);
        _written.Clear();
    }

    /// <summary>
    /// What a container of a slot's model is to mount: those that are planned, and anonymous ones at whatever else the
    /// image declares.
    /// </summary>
    public ImmutableArray<Mount> MountsOf(Application app, Container container, ImmutableArray<DataVolume> planned)
    {
        var mine = planned.Where(volume => volume.Service == container.Service).ToList();
        var named = Model.Mount.Of(app.Document, container.Service).Where(mount => mount.Source.Length > 0).ToList();
        return
        [
            .. named,
            .. mine.Select(volume => new Mount("volume", volume.Name, volume.Path, true)),
            .. DeclaredBy(container.Image)
                .Except(mine.Select(volume => volume.Path))
                .Except(named.Select(mount => mount.Target))
                .Select(path => new Mount("volume", "", path, true)),
        ];
    }

    /// <summary>
    /// Makes a new container's anonymous and named volumes; compose refuses an external one that is not there.
    /// </summary>
    public ImmutableArray<Mount> Mount(Container container)
    {
        var mounts = container
            .Mounts.Select(mount =>
                mount is { Type: "volume", Source: "" } ? mount with { Source = $"anonymous-{++_anonymous}" } : mount
            )
            .ToImmutableArray();
        foreach (var mount in mounts.Where(mount => mount.Type == "volume"))
            Create(mount.Source);
        return mounts;
    }

    public void Write(Container container)
    {
        foreach (
            var mount in container.Mounts.Where(mount =>
                mount is { Type: "volume", Writable: true } && _volumes.ContainsKey(mount.Source)
            )
        )
        {
            var volume = _volumes[mount.Source];
            var tag = container.Label(Naming.TagLabel)!;
            _volumes[mount.Source] = volume with
            {
                Files = volume.Files.Contains(tag) ? volume.Files : volume.Files.Add(tag),
            };
            if (!_written.TryGetValue((container.Service, mount.Target), out var written))
                _written[(container.Service, mount.Target)] = written = [];
            written.Add(tag);
        }
    }

    /// <summary>What a container does not find of what was written before it at its service's paths.</summary>
    public IEnumerable<string> MissedBy(Container container) =>
        from mount in container.Mounts
        where
            mount.Type == "volume"
            && !container.RenewsVolumes
            && _written.ContainsKey((container.Service, mount.Target))
        from tag in _written[(container.Service, mount.Target)].Except(FilesOf(mount.Source))
        select $"{container.Name} does not find what {tag} wrote to {mount.Target}";

    public void RemoveAnonymousOf(Container gone, IEnumerable<Container> left)
    {
        foreach (
            var mount in gone.Mounts.Where(mount =>
                mount.Source.StartsWith("anonymous-", StringComparison.Ordinal)
                && !left.Any(container => container.Mounts.Any(other => other.Source == mount.Source))
            )
        )
            _volumes.Remove(mount.Source);
    }

    public void BecomeLike(MemoryVolumes other)
    {
        foreach (var (name, volume) in other._volumes)
            _volumes[name] = volume;
        foreach (var (place, tags) in other._written)
            _written[place] = [.. tags];
        foreach (var (service, paths) in other.Declared)
            Declared[service] = paths;
        _anonymous = other._anonymous;
    }
}
