using System.Threading.Channels;
using Recyclic.Deploy.Adapters.Docker;

namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>How the containers of an image fare.</summary>
internal enum Fate
{
    BecomesHealthy,
    Exits,
    TurnsUnhealthy,
    StaysStarting,

    /// <summary>Healthy at first, and not any more when looked at some time after its start.</summary>
    SickensInService,
}

/// <summary>
/// A Docker host in memory: what outlives a deployer. After every change it notes which release users see, so that a
/// test can claim that there was no moment without one.
/// </summary>
internal sealed class FakeCluster(TestTime time)
{
    private readonly List<ContainerEvent> _events = [];
    private readonly List<Channel<ContainerEvent>> _watchers = [];
    private readonly HashSet<string> _ids = [];

    public Lock Gate { get; } = new();

    /// <summary>The engine that it shares with other applications; null: it has one to itself.</summary>
    public SharedHost? Shared { get; set; }

    public List<Container> Containers { get; } = [];

    public List<Container> Accessories { get; } = [];

    public HashSet<string> Networks { get; } = [];

    /// <summary>What outlives containers.</summary>
    public FakeVolumes Volumes { get; } = new();

    /// <summary>What the next deployer reads of its machine's files.</summary>
    public ImmutableArray<ReleaseFile> Files { get; set; } = [];

    /// <summary>Whether deployers are on the engine's own machine.</summary>
    public bool IsLocal { get; set; } = true;

    /// <summary>Paths that the host does not have; all others are there.</summary>
    public HashSet<string> AbsentPaths { get; } = [];

    public EdgeState Edge { get; set; } = EdgeState.None;

    public int? FileShare { get; set; }

    public int? Share { get; set; }

    public long Generation { get; set; }

    public string Configuration { get; set; } = "";

    public List<string> JournalLines { get; } = [];

    /// <summary>Who waits for the lock, in the order in which they came.</summary>
    public List<object> Queue { get; } = [];

    public LockHolder? Holder { get; set; }

    /// <summary>By an image's digest, for example `sha256:api-1.4.2`.</summary>
    public Dictionary<string, Fate> Fates { get; } = [];

    /// <summary>What containers log, by an image's digest; default: a good-bye.</summary>
    public Dictionary<string, string> Says { get; } = [];

    /// <summary>A slot in which routed containers sicken in service, whatever their image.</summary>
    public Slot? SickSlot { get; set; }

    public HashSet<string> RemovedImages { get; } = [];

    public Dictionary<string, string> Restarts { get; } = [];

    /// <summary>Ids of containers whose names the engine has lost: the edge does not find them.</summary>
    public HashSet<string> Nameless { get; } = [];

    /// <summary>By a container's id: ended by itself, so that its restart policy applies.</summary>
    public HashSet<string> Crashed { get; } = [];

    /// <summary>The services that users reach; empty: as many as there are.</summary>
    public HashSet<string> RoutedServices { get; } = [];

    public int OpenSessions { get; set; }

    public long FreeMegabytes { get; set; } = 10_000;

    /// <summary>What changed, in order, in the words of the fake.</summary>
    public List<string> Changes { get; } = [];

    /// <summary>
    /// What users saw over time: a tag, a tag that is `(sick)`, `gap` while a routed service is handed over, or
    /// `nothing`.
    /// </summary>
    public List<string> Seen { get; } = ["nothing"];

    /// <summary>By what each of <see cref="Seen"/> came about.</summary>
    public List<string> SeenBecause { get; } = ["the beginning"];

    /// <summary>What was done when users had what would not come back with the engine; null: nothing.</summary>
    public string? Unprotected { get; private set; }

    private bool HasCommitted =>
        JournalLines
            .FindLast(line =>
                line.Contains("\"kind\":\"Commit\"", StringComparison.Ordinal)
                || line.Contains("\"kind\":\"Withdraw\"", StringComparison.Ordinal)
            )
            ?.Contains("\"kind\":\"Commit\"", StringComparison.Ordinal) == true;

    /// <summary>Whether an exclusive service ever ran twice.</summary>
    public bool RanTwice { get; private set; }

    public Journal Journal => Journal.Parse(JournalLines);

    public IEnumerable<string> Running =>
        Containers
            .Where(container => container.IsRunning)
            .Select(container => $"{container.Service}.{container.Label(Naming.SlotLabel)}");

    /// <summary>The same host again, for another course of events.</summary>
    public void BecomeLike(FakeCluster other)
    {
        Containers.AddRange(other.Containers);
        _ids.UnionWith(other._ids);
        Accessories.AddRange(other.Accessories);
        Networks.UnionWith(other.Networks);
        JournalLines.AddRange(other.JournalLines);
        RemovedImages.UnionWith(other.RemovedImages);
        foreach (var (id, policy) in other.Restarts)
            Restarts[id] = policy;
        (Edge, FileShare, Share, Generation, Configuration) = (
            other.Edge,
            other.FileShare,
            other.Share,
            other.Generation,
            other.Configuration
        );
        Volumes.BecomeLike(other.Volumes);
        Seen.AddRange(other.Seen.Skip(1));
        SeenBecause.AddRange(other.SeenBecause.Skip(1));
    }

    public string SeenNow()
    {
        if (!Edge.IsRunning || Share is not { } share)
            return "nothing";
        var slot = share == 0 ? Slot.Blue : Slot.Green;
        if (
            !Edge.Networks.Any(network =>
                network.StartsWith("zz.", StringComparison.Ordinal)
                && network.EndsWith("." + slot.Name(), StringComparison.Ordinal)
            )
        )
            return "nothing";
        var needed = new SlotState(slot, Of(slot)).Needed.ToLookup(container => container.IsExclusive);
        var (routed, stopFirst) = (
            needed[false].ToList(),
            needed[true].Where(container => container.IsRouted).ToList()
        );
        if (routed.Concat(stopFirst).Any(container => Nameless.Contains(container.Id)))
            return "nothing";
        if (
            routed.Count + stopFirst.Count == 0
            || RoutedServices.Except(routed.Concat(stopFirst).Select(container => container.Service)).Any()
            || routed.Any(container => !container.IsRunning || container.Health == "starting")
        )
            return "nothing";
        if (stopFirst.Any(container => !container.IsRunning || container.Health == "starting"))
            return "gap";
        routed.AddRange(stopFirst);
        return string.Join("+", routed.Select(container => container.Label(Naming.TagLabel)).Distinct())
            + (routed.All(container => container.IsHealthy) ? "" : " (sick)");
    }

    /// <summary>Makes a change and notes what it did to users.</summary>
    public void Change(string what, Action change)
    {
        lock (Gate)
        {
            change();
            Shared?.RefuseSameNames();
            Changes.Add(what);
            if (Seen[^1] != SeenNow())
            {
                Seen.Add(SeenNow());
                SeenBecause.Add(
                    Journal is { Current: null } or { Interrupted.Before: null, Interrupted: not null }
                        ? $"first deploy: {what}"
                        : what
                );
            }
            if (
                HasCommitted
                && SeenNow() != "nothing"
                && Of(Share == 0 ? Slot.Blue : Slot.Green)
                    .Any(container =>
                        (container.IsGated || container is { IsRouted: true, IsRunning: true })
                        && !container.RestartsByItself
                    )
            )
                Unprotected ??= what;
            RanTwice |= Containers
                .Where(container => container.IsRunning && container.Label(Naming.ExclusiveLabel) == "true")
                .GroupBy(container => container.Service)
                .Any(same => same.Count() > 1);
        }
    }

    public void Start(string id)
    {
        var container = Find(id);
        if (container is null || container.IsRunning)
            return;
        Volumes.Write(container);
        Replace(
            container with
            {
                Addresses = container.Networks.ToImmutableDictionary(network => network, _ => AddressOf(container)),
                State = "running",
                Health = container.Health == "none" ? "none" : "starting",
                StartedAt = time.GetUtcNow(),
                ExitCode = 0,
            }
        );
        Publish(container, ContainerEventKind.Started);
    }

    /// <summary>Not the form of an address, but as much its container's own.</summary>
    private static string AddressOf(Container container) => $"address of {container.Id}";

    public void StartExisting(string id)
    {
        var container = Find(id) ?? throw new EngineException($"No such container: {id}");
        if (container.Networks.Except(Networks).FirstOrDefault() is { } missing)
            throw new EngineException($"network {missing} not found");
        Start(id);
    }

    public void StopExisting(string id) => Stop((Find(id) ?? throw new EngineException($"No such container: {id}")).Id);

    public void Create(Container container)
    {
        if (Find(container.Name) is not null)
            return;
        if (RemovedImages.Contains(container.Image))
            throw new EngineException($"No such image: {container.Image}");
        if (container.Networks.Except(Networks).FirstOrDefault() is { } missing)
            throw new EngineException($"network {missing} not found");
        // A container that is made again is another one: what is still told of the first says nothing about it.
        var (id, again) = (container.Id, 1);
        while (!_ids.Add(id))
            id = $"{container.Id}~{++again}";
        container = container with { Id = id };
        Containers.Add(container with { Mounts = Volumes.Mount(container) });
        Restarts[id] = "no";
    }

    public void Remove(string id)
    {
        Stop(id, 137);
        var gone = Find(id);
        Containers.RemoveAll(container => container.Id == id);
        if (gone is { RenewsVolumes: true })
            Volumes.RemoveAnonymousOf(gone, Containers);
    }

    public void SetRestart(string id, string policy) =>
        Restarts[(Find(id) ?? throw new EngineException($"No such container: {id}")).Id] = policy;

    /// <summary>An image that a container was made from stays, as with the engine.</summary>
    public bool RemoveImage(string reference)
    {
        var digest = "sha256:" + reference["team/".Length..].Replace(':', '-');
        if (Containers.Any(container => container.Image == digest))
            return false;
        RemovedImages.UnionWith([reference, digest]);
        return true;
    }

    /// <summary>
    /// HAProxy does not start without a configuration; with one it applies the share that the file says.
    /// </summary>
    public void StartEdge()
    {
        if (Configuration.Length == 0)
            return;
        Edge = Edge with { IsRunning = true };
        Share = FileShare ?? 0;
    }

    public void RemoveEdge() => (Edge, Share) = (EdgeState.None, null);

    /// <summary>Where the edge could send a request to: it finds containers on networks that it is on.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> UsableServers()
    {
        lock (Gate)
            return !Edge.IsRunning
                ? []
                : Containers
                    .Where(container =>
                        container.IsRunning
                        && !Nameless.Contains(container.Id)
                        && container.Networks.Intersect(Edge.Networks).Any()
                    )
                    .SelectMany(container =>
                        Route
                            .FromLabel(container.Label(Naming.RoutesLabel))
                            .SelectMany(route =>
                                EdgeConfiguration.BackendNames(
                                    route,
                                    Slots.Parse(container.Label(Naming.SlotLabel))!.Value
                                )
                            )
                            .Select(backend => (backend, AddressOf(container)))
                    )
                    .GroupBy(server => server.backend, server => server.Item2)
                    .ToImmutableDictionary(backend => backend.Key, backend => backend.ToImmutableArray());
    }

    /// <summary>
    /// A container ends by itself: unlike one that was stopped it starts again if its policy says so.
    /// </summary>
    public void Crash(string id, int exitCode = 137)
    {
        Stop(id, exitCode);
        Crashed.Add(id);
    }

    public void Sicken(string id) => SetHealth(Find(id)!, "unhealthy", ContainerEventKind.Unhealthy);

    public void Stop(string id, int exitCode = 0)
    {
        var container = Find(id);
        if (container is not null)
            Crashed.Remove(container.Id);
        if (container is not { IsRunning: true })
            return;
        Replace(container with { State = "exited", ExitCode = exitCode });
        Publish(container, ContainerEventKind.Died, exitCode);
    }

    /// <summary>Time passes for containers that are starting: each meets its fate.</summary>
    public void Pass()
    {
        foreach (var id in Crashed.Where(id => Restarts.GetValueOrDefault(id, "no") != "no").ToList())
        {
            Crashed.Remove(id);
            Start(id);
        }
        foreach (var container in Containers.Where(container => container.IsRunning).ToList())
        {
            var fate = Fates.GetValueOrDefault(container.Image);
            if (fate == Fate.Exits)
                Crash(container.Id, 1);
            else if (container.IsOneOff && fate != Fate.StaysStarting)
                Stop(container.Id);
            else if (container.Health == "starting" && fate is (Fate.BecomesHealthy or Fate.SickensInService))
                SetHealth(container, "healthy", ContainerEventKind.Healthy);
            else if (container.Health == "starting" && fate == Fate.TurnsUnhealthy)
                SetHealth(container, "unhealthy", ContainerEventKind.Unhealthy);
        }
    }

    public bool Probe(string id)
    {
        if (Find(id) is not { IsRunning: true } container)
            return false;
        if (container.Health == "none")
            return true;
        if (
            Fates.GetValueOrDefault(container.Image) == Fate.SickensInService
            || container.Label(Naming.SlotLabel) == SickSlot?.Name()
        )
            SetHealth(container, "unhealthy", ContainerEventKind.Unhealthy);
        return Find(id)!.IsHealthy;
    }

    /// <summary>Asks from the edge: why a container does not do its work, or null.</summary>
    public string? Ask(string id, OutsideProbe probe)
    {
        lock (Gate)
        {
            if (Find(id) is not { } container)
                return "is gone";
            if (!container.IsRunning)
                return $"is {container.State}";
            if (!Edge.IsRunning)
                return "cannot be asked: the edge does not run";
            if (!container.Networks.Intersect(Edge.Networks).Any())
                return "cannot be asked: it shares no network with the edge";
            Asked[container.Id] = Asked.GetValueOrDefault(container.Id) + 1;
            var works = Fates.GetValueOrDefault(container.Image) switch
            {
                Fate.BecomesHealthy => true,
                Fate.SickensInService => Asked[container.Id] <= probe.Needed,
                _ => false,
            };
            return works ? null : probe.Judge(false, "HTTP/1.1 503 Service Unavailable", "");
        }
    }

    /// <summary>How often containers were asked from outside, by id.</summary>
    public Dictionary<string, int> Asked { get; } = [];

    /// <summary>The health checks of images, by reference.</summary>
    public Dictionary<string, HealthCheck> ImageChecks { get; } = [];

    /// <summary>The events since a moment and from now on.</summary>
    public ChannelReader<ContainerEvent> Listen(DateTimeOffset since)
    {
        lock (Gate)
        {
            var channel = Channel.CreateUnbounded<ContainerEvent>();
            foreach (var happened in _events.Where(happened => happened.At >= since))
                channel.Writer.TryWrite(happened);
            _watchers.Add(channel);
            return channel.Reader;
        }
    }

    public Snapshot Observe(string app) =>
        Shared?.Observe(app)
        ?? Snapshot.Empty(app) with
        {
            Edge = Edge with { Configuration = "" },
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = [.. Accessories],
            Networks = [.. Networks],
        };

    public ImmutableArray<Container> Of(Slot slot) =>
        [
            .. Containers
                .Where(container => container.Label(Naming.SlotLabel) == slot.Name())
                .Select(container => container with { Restart = Restarts.GetValueOrDefault(container.Id, "no") }),
        ];

    private Container? Find(string id) => Containers.Find(container => container.Id == id || container.Name == id);

    private void Replace(Container container) =>
        Containers[Containers.FindIndex(other => other.Id == container.Id)] = container;

    private void SetHealth(Container container, string health, ContainerEventKind kind)
    {
        Replace(container with { Health = health });
        Publish(container, kind);
    }

    private void Publish(Container container, ContainerEventKind kind, int exitCode = 0)
    {
        var happened = new ContainerEvent(
            container.Id,
            container.Name,
            container.Service,
            Slots.Parse(container.Label(Naming.SlotLabel)),
            kind,
            exitCode,
            time.GetUtcNow()
        );
        _events.Add(happened);
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(happened);
    }
}
