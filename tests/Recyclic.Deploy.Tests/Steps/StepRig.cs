using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Steps;

/// <summary>A deploy of `store` on a host in memory, one step at a time.</summary>
internal sealed class StepRig : IAsyncDisposable
{
    public static readonly Release One = Given.Release(Given.Store, "1");
    public static readonly DeployOptions Options = new() { DeployTimeout = TimeSpan.FromSeconds(10) };

    private readonly MemoryProcess _process;
    private readonly ContainerWatch _watch;

    public StepRig(MemoryProcess? process = null, MemoryClock? time = null)
    {
        (_process, Time) = (process ?? new MemoryProcess(), time ?? new MemoryClock(TimeSpan.FromSeconds(14)));
        Cluster = new MemoryCluster(Time);
        Host = new MemoryLockedHost(Cluster, _process);
        var platform = MemoryPlatform.Of(Cluster, _process, Given.StoreModel, Time);
        _watch = new ContainerWatch(platform.Health, "store", Given.Noon);
        Tools = new StepTools(
            new DeployContext("id", "store", Given.Store, Options, 0),
            platform,
            Host,
            _watch,
            Reporter,
            Time
        );
        Executor = new StepExecutor(StepHandlers.All, Tools);
    }

    /// <summary>What a deploy finds where nothing was deployed before.</summary>
    public static Snapshot Nothing { get; } = Snapshot.Empty("store");

    /// <summary>What a deploy finds where blue serves release 1.</summary>
    public static Snapshot BlueServes { get; } = Planning.Host.Serving(Given.Store, "1", Slot.Blue);

    public MemoryClock Time { get; }

    public MemoryCluster Cluster { get; }

    public ILockedHost Host { get; }

    public SpyReporter Reporter { get; } = new();

    public StepTools Tools { get; }

    public StepExecutor Executor { get; }

    public IEnumerable<string> Warnings =>
        Reporter.Lines.Where(line => line.StartsWith("warning: ", StringComparison.Ordinal));

    /// <summary>The services of a slot, each with its state.</summary>
    public IEnumerable<string> In(Slot slot) =>
        Cluster.Of(slot).Select(container => $"{container.Service} {container.State}");

    /// <summary>The services of a slot that would come back with the engine.</summary>
    public IEnumerable<string> RestartingIn(Slot slot) =>
        Cluster.Of(slot).Where(container => container.RestartsByItself).Select(container => container.Service);

    public async Task RunAsync(params DeployStep[] steps)
    {
        foreach (var step in steps)
            await Executor.ExecuteAsync(step, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Networks and edge are there, and release 1 runs in a slot, all but its bot.</summary>
    public Task StartAsync(Slot slot) =>
        RunAsync(
            new ConnectNetworks([]),
            new PrepareEdge(EdgeChange.Create, EdgeConfiguration.For("store", Given.Store.Routes, Given.Store.Routes)),
            new StartRelease(slot, One)
        );

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await Host.DisposeAsync();
        _process.Dispose();
    }
}
