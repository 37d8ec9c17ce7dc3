using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Recyclic.Deploy.Tests.Fakes;

/// <summary>The engine of a <see cref="FakeCluster"/> as one process reaches it.</summary>
internal sealed class FakeEngine(FakeCluster cluster, FakeProcess process, string model) : IEngine
{
    private volatile ChannelReader<ContainerEvent>? _told;

    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) =>
        process.CallAsync("facts", () => new EngineFacts("29.0.0", new(1, 52), "amd64", "linux", new(2, 40), true), cancellationToken);

    public Task<ComposeModel> ReadComposeAsync(string file, string? project, ReleaseTag tag, string? registry, CancellationToken cancellationToken) =>
        process.CallAsync("compose", () => Given.ComposeOf(model, tag.Value), cancellationToken);

    public Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken) =>
        process.CallAsync("images", () => references.Where(reference => !cluster.RemovedImages.Contains(reference)).ToImmutableDictionary(reference => reference, reference =>
            new ImageFacts(reference, reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference : "sha256:" + reference["team/".Length..].Replace(':', '-'), "amd64", "linux")), cancellationToken);

    public Task<string?> PullAsync(string reference, CancellationToken cancellationToken) => process.CallAsync<string?>("pull", () => "not found", cancellationToken);

    public Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken) => process.CallAsync("observe", () =>
    {
        var seen = cluster.Observe(app);
        cluster.Change("time passes", cluster.Pass);
        return seen;
    }, cancellationToken);

    public Task<ImmutableArray<string>> FindPortHoldersAsync(string app, IEnumerable<string> ports, CancellationToken cancellationToken) =>
        process.CallAsync("ports", () => ImmutableArray<string>.Empty, cancellationToken);

    public Task StartAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        ChangeAsync($"start accessories {string.Join(",", services)}", () => cluster.Accessories.AddRange(
            services.Except(cluster.Accessories.Select(container => container.Service)).Select(service => Given.Accessory(app, service) with { Networks = [$"{app.Name}_default"] })), cancellationToken);

    public Task RemoveAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken) =>
        ChangeAsync("remove accessories", () => cluster.Accessories.RemoveAll(container => services.Contains(container.Service)), cancellationToken);

    public Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken) => ChangeAsync("connect", () =>
    {
        var naming = new Naming(app.Name);
        string[] networks = [naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)];
        cluster.Networks.UnionWith([.. networks, naming.EdgeNetwork]);
        for (var i = 0; i < cluster.Accessories.Count; i++) cluster.Accessories[i] = cluster.Accessories[i] with { Networks = [.. cluster.Accessories[i].Networks.Union(networks)] };
        cluster.Edge = cluster.Edge with { Networks = [.. cluster.Edge.Networks.Union(networks)] };
    }, cancellationToken);

    public Task RemoveNetworksAsync(string app, CancellationToken cancellationToken) => ChangeAsync("remove networks", cluster.Networks.Clear, cancellationToken);

    public Task StartEdgeAsync(string app, EdgeConfiguration configuration, bool replace, CancellationToken cancellationToken) => ChangeAsync("start edge", () =>
    {
        var naming = new Naming(app);
        if (replace || !cluster.Edge.Exists)
            cluster.Edge = new EdgeState(true, true, "", configuration.Ports, "edge:1", [naming.EdgeNetwork, naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)]);
        cluster.Edge = cluster.Edge with { IsRunning = true };
        cluster.Share = cluster.FileShare ?? 0;
    }, cancellationToken);

    public Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) => ChangeAsync("remove edge", () => (cluster.Edge, cluster.Share) = (EdgeState.None, null), cancellationToken);

    public Task StartReleaseAsync(Application app, Slot slot, Release release, TimeSpan? healthCheckInterval, CancellationToken cancellationToken) =>
        ChangeAsync($"start {release.Tag} in {slot.Name()}", () =>
        {
            var started = Given.Containers(app, slot, release, "created", "starting").Where(container => cluster.Containers.All(other => other.Id != container.Id)).ToList();
            cluster.Containers.AddRange(started);
            foreach (var container in started.Where(container => container.Label(Naming.ExclusiveLabel) is null)) cluster.Start(container.Id);
        }, cancellationToken);

    public Task StartContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        return ChangeAsync($"start {string.Join(",", all)}", () =>
        {
            foreach (var id in all) cluster.Start(id);
            if (!all.Any(id => id.EndsWith("-edge", StringComparison.Ordinal)) || !cluster.Edge.Exists) return;
            cluster.Edge = cluster.Edge with { IsRunning = true };
            cluster.Share = cluster.FileShare ?? 0;
        }, cancellationToken);
    }

    public Task StopContainersAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var all = ids.ToList();
        return ChangeAsync($"stop {string.Join(",", all)}", () => all.ForEach(id => cluster.Stop(id)), cancellationToken);
    }

    public Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken) => ChangeAsync($"remove {slot.Name()}", () =>
    {
        foreach (var container in cluster.Of(slot)) cluster.Stop(container.Id, 137);
        cluster.Containers.RemoveAll(container => container.Label(Naming.SlotLabel) == slot.Name());
    }, cancellationToken);

    public Task SetRestartsAsync(IEnumerable<Container> serving, IEnumerable<Container> idle, CancellationToken cancellationToken) => ChangeAsync("set restarts", () =>
    {
        foreach (var container in serving) cluster.Restarts[container.Id] = container.Label(Naming.RestartLabel)!;
        foreach (var container in idle) cluster.Restarts[container.Id] = "no";
    }, cancellationToken);

    public Task<ImmutableArray<string>> RemoveImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken)
    {
        var all = references.ToList();
        return process.CallAsync("remove images", () =>
        {
            cluster.Change("remove images", () => cluster.RemovedImages.UnionWith(all));
            return ImmutableArray<string>.Empty;
        }, cancellationToken);
    }

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(string app, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = cluster.Listen(since);
        try
        {
            _told = events;
            process.NowListens();
            while (await events.WaitToReadAsync(cancellationToken))
                while (events.TryPeek(out var happened))
                {
                    yield return happened;
                    events.TryRead(out _);
                }
        }
        finally
        {
            _told = null;
        }
    }

    public Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        process.CallAsync<Probe?>("read probe", () => new Probe(false, Given.Noon, "503"), cancellationToken);

    public Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken) => process.CallAsync("probe", () =>
    {
        var healthy = true;
        cluster.Change($"probe {containerId}", () => healthy = cluster.Probe(containerId));
        return healthy;
    }, cancellationToken);

    public Task<ImmutableArray<string>> ReadLogAsync(string containerId, int lines, CancellationToken cancellationToken) =>
        process.CallAsync("log", () => ImmutableArray.Create($"{containerId} says good-bye"), cancellationToken);

    public async IAsyncEnumerable<string> FollowEdgeLogAsync(string app, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    /// <summary>Returns only when the process has heard of what the change did: so a test does not hang on who is faster.</summary>
    private async Task ChangeAsync(string what, Action change, CancellationToken cancellationToken)
    {
        await process.CallAsync(what, () => cluster.Change(what, change), cancellationToken);
        while (_told is { } told && told.TryPeek(out _)) await Task.Yield();
    }
}
