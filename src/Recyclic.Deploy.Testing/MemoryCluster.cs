using System.Threading.Channels;

namespace Recyclic.Deploy.Testing;

/// <summary>
/// A Docker host in memory: what outlives a deployer. After every change it notes which release users see, so that a
/// test can claim that there was no moment without one.
/// </summary>
internal sealed partial class MemoryCluster(MemoryClock time)
{
    /// <summary>How far the host's clock is ahead of its deployers'.</summary>
    public TimeSpan ClockIsAhead { get; set; }

    public DateTimeOffset HostTime => time.GetUtcNow() + ClockIsAhead;

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
    public MemoryVolumes Volumes { get; } = new();

    public MemoryDatabases Databases { get; } = new();

    /// <summary>What the next deployer reads of its machine's files.</summary>
    public ImmutableArray<ReleaseFile> Files { get; set; } = [];

    /// <summary>Whether deployers are on the engine's own machine.</summary>
    public bool IsLocal { get; set; } = true;

    /// <summary>Paths that the host does not have; all others are there.</summary>
    public HashSet<string> AbsentPaths { get; } = [];

    /// <summary>By port, who else has it: a name.</summary>
    public Dictionary<string, string> TakenPorts { get; } = [];

    public EdgeState Edge { get; set; } = EdgeState.None;

    /// <summary>Edges that another one replaced, and that are not retired yet.</summary>
    public List<EdgeState> ReplacedEdges { get; } = [];

    /// <summary>The one that users come to: until another one runs, the one that it replaces.</summary>
    public EdgeState Answering => Edge.IsRunning ? Edge : ReplacedEdges.LastOrDefault(edge => edge.IsRunning) ?? Edge;

    /// <summary>Whether one that is to replace another one does not start.</summary>
    public bool NewEdgesFail { get; set; }

    /// <summary>How many there have been.</summary>
    public int EdgesMade { get; set; }

    /// <summary>What publishes ports.</summary>
    public List<GateState> Gates { get; } = [];

    /// <summary>What stands for services where others call them by name.</summary>
    public List<DoorState> Doors { get; } = [];

    /// <summary>The hash of each door's configuration, by service.</summary>
    public Dictionary<string, string> DoorConfigurations { get; } = [];

    /// <summary>The certificates that the edge has, by name.</summary>
    public Dictionary<string, CertificateState> Certificates { get; } = [];

    /// <summary>The thumbprint by which the edge answers an authority, by host.</summary>
    public Dictionary<string, string> Challenges { get; } = [];

    /// <summary>What an authority has against a host; nothing where it is not named.</summary>
    public Dictionary<string, AcmeProblem> AcmeProblems { get; } = [];

    /// <summary>The services for which what comes waits, and the share with which it does not.</summary>
    public (ImmutableHashSet<string> Services, int? Until) Held { get; set; } = ([], null);

    public int? FileShare { get; set; }

    /// <summary>What a person has said to a deploy that has not heard it yet.</summary>
    public (string Deploy, CanaryOrder Order)? Word { get; set; }

    /// <summary>What a canary's judge says; default: the new release is as good.</summary>
    public Func<CanaryStage, CanaryVerdict> Verdict { get; set; } = _ => new(CanaryAnswer.Pass, "all is well");

    public int? Share { get; set; }

    public long Generation { get; set; }

    public string Configuration { get; set; } = "";

    public List<string> JournalLines { get; } = [];

    /// <summary>Who waits for the lock, in the order in which they came.</summary>
    public List<object> Queue { get; } = [];

    public LockHolder? Holder { get; set; }

    /// <summary>Takes the lock away from whoever holds it, who is told.</summary>
    public Action? TakesLockAway { get; set; }

    /// <summary>Ids of containers whose names the engine has lost: the edge does not find them.</summary>
    public HashSet<string> Nameless { get; } = [];

    /// <summary>The services that users reach; empty: as many as there are.</summary>
    public HashSet<string> RoutedServices { get; } = [];

    public int OpenSessions { get; set; }

    public long FreeMegabytes { get; set; } = 10_000;

    /// <summary>What the host has of memory; null: nobody asks for it.</summary>
    public HostMemory? Memory { get; set; }

    /// <summary>What the containers of a service take, in bytes; nothing is known of those that are not named.</summary>
    public Dictionary<string, long> MemoryUses { get; } = [];

    /// <summary>What changed, in order, in the words of the fake.</summary>
    public List<string> Changes { get; } = [];

    public Journal Journal => Journal.Parse(JournalLines);

    public IEnumerable<string> Running =>
        Containers
            .Where(container => container.IsRunning)
            .Select(container => $"{container.Service}.{container.Label(Naming.SlotLabel)}");

    /// <summary>The same host again, for another course of events.</summary>
    public void BecomeLike(MemoryCluster other)
    {
        Containers.AddRange(other.Containers);
        _ids.UnionWith(other._ids);
        Accessories.AddRange(other.Accessories);
        Networks.UnionWith(other.Networks);
        Doors.AddRange(other.Doors);
        Gates.AddRange(other.Gates);
        ReplacedEdges.AddRange(other.ReplacedEdges);
        EdgesMade = other.EdgesMade;
        foreach (var (service, hash) in other.DoorConfigurations)
            DoorConfigurations[service] = hash;
        foreach (var (name, certificate) in other.Certificates)
            Certificates[name] = certificate;
        foreach (var (host, thumbprint) in other.Challenges)
            Challenges[host] = thumbprint;
        foreach (var (host, problem) in other.AcmeProblems)
            AcmeProblems[host] = problem;
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

    /// <summary>Makes a change and notes what it did to users.</summary>
    public void Change(string what, Action change)
    {
        lock (Gate)
        {
            change();
            Shared?.RefuseSameNames();
            Changes.Add(what);
            NoteWhatUsersSee(what);
        }
    }

    /// <summary>
    /// HAProxy does not start without a configuration; with one it applies the share that the file says.
    /// </summary>
    public void StartEdge()
    {
        if (Configuration.Length == 0 || NewEdgesFail && ReplacedEdges.Count > 0)
            return;
        Edge = Edge with { IsRunning = true };
        Held = ([], null);
        Share = FileShare ?? 0;
    }

    public void StopEdge() => (Edge, Share) = (Edge with { IsRunning = false }, null);

    public void RemoveEdge()
    {
        (Edge, Share) = (EdgeState.None, null);
        ReplacedEdges.Clear();
    }

    /// <summary>The edges that were replaced, as an observer sees them.</summary>
    public IEnumerable<Container> ObserveReplaced() =>
        ReplacedEdges.Select(edge => new Container(
            edge.Id,
            edge.Id,
            "",
            edge.IsRunning ? "running" : "exited",
            "none",
            0,
            "sha256:1",
            MemoryClock.Noon,
            ImmutableDictionary<string, string>.Empty,
            edge.Networks
        )
        {
            Restart = "always",
        });

    /// <summary>Where the edge could send a request to: it finds containers on networks that it is on.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> UsableServers()
    {
        lock (Gate)
            return !Answering.IsRunning
                ? []
                : Containers
                    .Where(container =>
                        container.IsRunning
                        && !Nameless.Contains(container.Id)
                        && container.Networks.Intersect(Answering.Networks).Any()
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

    public Snapshot Observe(string app) =>
        Shared?.Observe(app)
        ?? Snapshot.Empty(app) with
        {
            Edge = Edge with { Configuration = "" },
            Doors = [.. Doors],
            Gates = [.. Gates],
            ReplacedEdges = [.. ObserveReplaced()],
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = [.. Accessories],
            Networks = [.. Networks],
        };
}
