using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Recyclic.Deploy.Tests.Toy;

/// <summary>
/// A platform of servers on loopback ports behind a switch: no engine, no containers, no edge, no networks. It proves
/// that all that decides and runs a deploy knows platforms only, since nothing outside of this folder knows of it.
/// </summary>
internal sealed class ToyPlatform(string model)
    : IHostObserver,
        IComposeFiles,
        IImageStore,
        IReleaseHost,
        IHealthSource,
        IAccessoryHost,
        IEdgeHost,
        IHostLock,
        ILockedHost
{
    public const string Broken = "broken";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ToyServer> _servers = [];
    private readonly List<Container> _things = [];
    private readonly List<string> _journal = [];
    private readonly List<ContainerEvent> _events = [];
    private readonly List<Channel<ContainerEvent>> _watchers = [];
    private readonly int[] _sessions = new int[2];
    private LockHolder? _holder;
    private long _generation;
    private int? _share;

    public Platform Platform =>
        Platform.Of(this, this) with
        {
            Traits = new()
            {
                HasEdge = false,
                HasSlotNetworks = false,
                HandsOver = false,
                KeepsWarm = false,
            },
        };
    public Journal Journal => Journal.Parse(_journal);

    /// <summary>Asks as a user does, by the switch. Null: it leads nowhere.</summary>
    public async Task<string?> AskAsync(CancellationToken cancellationToken)
    {
        Slot slot;
        int port;
        lock (_gate)
        {
            slot = _share == 100 ? Slot.Green : Slot.Blue;
            if (
                _share is null
                || Of(slot).FirstOrDefault(thing => thing is { IsRunning: true, IsRouted: true }) is not { } thing
            )
                return null;
            port = _servers[thing.Id].Port;
            _sessions[(int)slot]++;
        }
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync(cancellationToken);
        lock (_gate)
            _sessions[(int)slot]--;
        return answer;
    }

    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new EngineFacts("toy", new(1, 52), "any", "any", new(2, 40), IsLocal: true));

    public Task<ComposeModel> ReadComposeAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    ) => Task.FromResult(Given.ComposeOf(model, tag?.Value));

    public Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            references.ToImmutableDictionary(
                reference => reference,
                reference => new ImageFacts(
                    reference,
                    reference.StartsWith("sha256:", StringComparison.Ordinal)
                        ? reference
                        : $"sha256:{reference.Replace(':', '-')}",
                    "any",
                    "any"
                )
            )
        );

    public Task<string?> PullAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult<string?>("there is nowhere to pull from");

    public Task<ImmutableArray<string>> RemoveImagesAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableArray<string>.Empty);

    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(
                Snapshot.Empty(app) with
                {
                    Blue = new(Slot.Blue, Of(Slot.Blue)),
                    Green = new(Slot.Green, Of(Slot.Green)),
                    Accessories = [.. _things.Where(thing => SlotOf(thing) is null)],
                }
            );
    }

    public Task<IReadOnlyCollection<string>> ListApplicationsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyCollection<string>>([]);

    public Task<ImmutableArray<string>> FindPortHoldersAsync(
        string app,
        IEnumerable<string> ports,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<ImmutableDictionary<string, VolumeFacts>> ReadVolumesAsync(
        IEnumerable<string> names,
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableDictionary<string, VolumeFacts>.Empty);

    public Task StartReleaseAsync(
        Application app,
        Slot slot,
        Release release,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    )
    {
        var wanted = Given.Containers(app, slot, release, "created", "starting");
        lock (_gate)
            _things.AddRange(wanted.Where(thing => _things.TrueForAll(other => other.Id != thing.Id)));
        return StartContainersAsync(wanted.Select(thing => thing.Id), cancellationToken);
    }

    public Task StartServiceAsync(
        Application app,
        Slot slot,
        Release release,
        string service,
        int? replicas,
        ImmutableArray<DataVolume> volumes,
        TimeSpan? healthCheckInterval,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        EachAsync(
            ids,
            thing =>
            {
                if (thing.IsRunning)
                    return;
                _servers[thing.Id] = new ToyServer(thing.Label(Naming.TagLabel)!);
                var isWell = thing.Label(Naming.TagLabel) != Broken;
                Change(
                    thing with
                    {
                        State = "running",
                        Health = isWell ? "healthy" : "unhealthy",
                        StartedAt = DateTimeOffset.UtcNow,
                    },
                    ContainerEventKind.Started
                );
                Change(Find(thing.Id), isWell ? ContainerEventKind.Healthy : ContainerEventKind.Unhealthy);
            }
        );

    public Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        EachAsync(
            ids,
            thing =>
            {
                if (!thing.IsRunning)
                    return;
                _servers[thing.Id].Dispose();
                Change(thing with { State = "exited" }, ContainerEventKind.Died);
            }
        );

    public async Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken)
    {
        var gone = (await ObserveAsync(app, cancellationToken))[slot].Containers.Select(thing => thing.Id).ToHashSet();
        await StopContainersAsync(gone, cancellationToken);
        lock (_gate)
            _things.RemoveAll(thing => gone.Contains(thing.Id));
    }

    public Task RemoveFilesAsync(string app, IReadOnlySet<string> keep, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<ImmutableHashSet<string>> FindAbsentPathsAsync(
        IEnumerable<string> paths,
        string image,
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableHashSet<string>.Empty);

    public Task SetRestartsAsync(
        IEnumerable<Container> serving,
        IEnumerable<Container> idle,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(
        string app,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var channel = Channel.CreateUnbounded<ContainerEvent>();
        lock (_gate)
        {
            foreach (var happened in _events.Where(happened => happened.At >= since))
                channel.Writer.TryWrite(happened);
            _watchers.Add(channel);
        }
        await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            yield return happened;
    }

    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        Task.FromResult<Probe?>(new Probe(false, DateTimeOffset.UtcNow, "it is broken"));

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(Find(containerId).IsHealthy);
    }

    public Task<string?> AskAsync(string containerId, OutsideProbe probe, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(null);

    public IAsyncEnumerable<string> WatchListeningAsync(
        ImmutableDictionary<string, int> ports,
        CancellationToken cancellationToken
    ) => AsyncEnumerable.Empty<string>();

    public Task<ImmutableArray<string>> ReadLogAsync(
        string containerId,
        int lines,
        CancellationToken cancellationToken
    ) => Task.FromResult(ImmutableArray.Create("I am a toy"));

    public Task StartAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        bool start,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
            _things.AddRange(
                services.Except(_things.Select(thing => thing.Service)).Select(service => Given.Accessory(app, service))
            );
        return Task.CompletedTask;
    }

    public Task RemoveAccessoriesAsync(
        Application app,
        ImmutableArray<string> services,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
            _things.RemoveAll(thing => SlotOf(thing) is null && services.Contains(thing.Service));
        return Task.CompletedTask;
    }

    public IStandBy StandBy(string app, string by, CancellationToken cancellationToken) => new MemoryStandBy();

    public Task<ILockedHost> TakeAsync(string app, string by, IStandBy? ready, CancellationToken cancellationToken)
    {
        var mine = new LockHolder(by, DateTimeOffset.UtcNow, null);
        return Interlocked.CompareExchange(ref _holder, mine, null) is { } other
            ? throw new LockHeldException(other, null)
            : Task.FromResult<ILockedHost>(this);
    }

    public Task<IQueuePlace> QueueAsync(string app, string by, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> IsKnownAsync(string app, CancellationToken cancellationToken) =>
        Task.FromResult(_journal.Count > 0);

    public Task<HostState> PeekAsync(string app, CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    public Task<LockHolder?> ReadHolderAsync(string app, CancellationToken cancellationToken) =>
        Task.FromResult(_holder);

    public Task BreakAsync(string app, CancellationToken cancellationToken) => throw new NotSupportedException();

    public CancellationToken Lost => CancellationToken.None;

    public Task<HostState> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(
                HostState.None with
                {
                    Generation = _generation,
                    Share = _share,
                    FileShare = _share,
                    Journal = Journal,
                }
            );
    }

    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        lock (_gate)
            _journal.Add(record.ToJson());
        return Task.CompletedTask;
    }

    public Task CommitAsync(long expected, JournalRecord record, CancellationToken cancellationToken) =>
        Interlocked.CompareExchange(ref _generation, expected + 1, expected) == expected
            ? AppendAsync(record, cancellationToken)
            : throw new StepFailedException("another deploy has committed", []);

    public Task SetShareAsync(int share, CancellationToken cancellationToken)
    {
        lock (_gate)
            _share = share;
        return Task.CompletedTask;
    }

    public Task<int> OpenSessionsAsync(Slot slot, CancellationToken cancellationToken) =>
        Task.FromResult(_sessions[(int)slot]);

    /// <summary>Of the lock.</summary>
    public ValueTask DisposeAsync()
    {
        _holder = null;
        return ValueTask.CompletedTask;
    }

    private ImmutableArray<Container> Of(Slot slot) => [.. _things.Where(thing => SlotOf(thing) == slot)];

    private static Slot? SlotOf(Container thing) => Slots.Parse(thing.Label(Naming.SlotLabel));

    private Container Find(string id) =>
        _things.Find(thing => thing.Id == id) ?? throw new StepFailedException($"there is no {id}", []);

    private Task EachAsync(IEnumerable<string> ids, Action<Container> change)
    {
        foreach (var id in ids)
            lock (_gate)
                change(Find(id));
        return Task.CompletedTask;
    }

    private void Change(Container thing, ContainerEventKind kind)
    {
        _things[_things.FindIndex(other => other.Id == thing.Id)] = thing;
        _events.Add(
            new ContainerEvent(thing.Id, thing.Name, thing.Service, SlotOf(thing), kind, 0, DateTimeOffset.UtcNow)
        );
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(_events[^1]);
    }
}
