using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>One Docker engine. What changes something is a docker command that a person could type; what only reads goes by the API.</summary>
/// <param name="composeOverrides">Further compose files, merged over the one that is read; default: none.</param>
/// <param name="logIn">Called before each pull, for whoever has to log in first; default: nobody.</param>
public sealed class DockerEngine(DockerCli docker, ImmutableArray<string> composeOverrides = default, Func<Task>? logIn = null) : IEngine, IDisposable
{
    private readonly EngineApi _api = new(docker);
    private readonly ComposeCli _compose = new(docker, composeOverrides);
    private ImmutableHashSet<string>? _volumesBefore;

    public EngineApi Api => _api;

    public Task<EngineFacts> ReadFactsAsync(CancellationToken cancellationToken) => new EngineReader(docker, _api).ReadFactsAsync(cancellationToken);

    public Task<ComposeModel> ReadComposeAsync(string file, string? project, ReleaseTag tag, string? registry, CancellationToken cancellationToken) =>
        _compose.ReadAsync(file, project, tag, registry, cancellationToken);

    public async Task<ImmutableDictionary<string, ImageFacts>> InspectImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(references.Select(async reference => (reference, image: await _api.GetAsync($"/images/{Uri.EscapeDataString(reference)}/json", cancellationToken))));
        return found.Where(entry => entry.image is not null).ToImmutableDictionary(entry => entry.reference, entry => new ImageFacts(
            entry.reference, EngineJson.Text(entry.image!["Id"]), EngineJson.Text(entry.image["Architecture"]), EngineJson.Text(entry.image["Os"])));
    }

    public async Task<string?> PullAsync(string reference, CancellationToken cancellationToken)
    {
        if (reference.StartsWith("sha256:", StringComparison.Ordinal)) return "its content is no longer on the host";
        if (logIn is not null) await logIn();
        var result = await docker.TryChangeAsync(["pull", "--quiet", reference], cancellationToken, timeout: TimeSpan.FromMinutes(10));
        return result.Succeeded ? null : result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "the pull failed";
    }

    public async Task<Snapshot> ObserveAsync(string app, CancellationToken cancellationToken)
    {
        var naming = new Naming(app);
        var networks = _api.GetAsync("/networks", cancellationToken);
        var lists = await Task.WhenAll(
            _api.GetAsync("/containers/json?all=1&filters=" + EngineApi.Filters(("label", [$"{Naming.AppLabel}={app}"])), cancellationToken),
            _api.GetAsync("/containers/json?all=1&filters=" + EngineApi.Filters(("label", [$"com.docker.compose.project={app}", "com.docker.compose.oneoff=False"])), cancellationToken));
        var ids = lists.SelectMany(list => list as JsonArray ?? []).Select(entry => EngineJson.Text(entry!["Id"])).Distinct();
        var inspected = (await Task.WhenAll(ids.Select(id => _api.GetAsync($"/containers/{id}/json", cancellationToken)))).OfType<JsonNode>().ToList();
        var containers = inspected.Select(EngineJson.Container).OrderBy(container => container.Name, StringComparer.Ordinal).ToList();
        var edge = inspected.FirstOrDefault(node => EngineJson.Text(node["Name"]) == "/" + naming.EdgeContainer);
        return Snapshot.Empty(app) with
        {
            Edge = edge is null ? EdgeState.None : EngineJson.Edge(edge),
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = [.. containers.Where(container => container.Label("com.docker.compose.project") == app)],
            Networks = [.. (await networks as JsonArray ?? []).Select(network => EngineJson.Text(network!["Name"]))],
        };

        ImmutableArray<Container> Of(Slot slot) =>
            [.. containers.Where(container => container.Label(Naming.SlotLabel) == slot.Name() && container.Label(Naming.RoleLabel) == "release")];
    }

    /// <summary>How many containers run on the host and how many images it has; null where it does not say.</summary>
    public async Task<(int? Running, int? Images)> CountAsync(CancellationToken cancellationToken)
    {
        var info = await _api.GetAsync("/info", cancellationToken);
        return (info?["ContainersRunning"]?.GetValue<int>(), info?["Images"]?.GetValue<int>());
    }

    public Task<ImmutableArray<string>> FindPortHoldersAsync(string app, IEnumerable<string> ports, CancellationToken cancellationToken) =>
        new EngineReader(docker, _api).FindPortHoldersAsync(app, ports, cancellationToken);

    public async Task StartAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        _volumesBefore = await VolumesAsync(cancellationToken);
        await _compose.UpAsync(SlotModel.ForAccessories(app), app.Name, services, start: true, dependencies: true, cancellationToken);
    }

    public async Task RemoveAccessoriesAsync(Application app, ImmutableArray<string> services, CancellationToken cancellationToken)
    {
        await _compose.RemoveAsync(SlotModel.ForAccessories(app), app.Name, services, cancellationToken);
        // Only what this very process saw come into being is its to remove; where it does not know, it removes nothing.
        if (_volumesBefore is not { } before) return;
        var created = (await VolumesAsync(cancellationToken)).Except(before).Where(volume => volume.StartsWith(app.Name + "_", StringComparison.Ordinal) && volume != new Naming(app.Name).EdgeVolume).ToList();
        if (created.Count > 0) await docker.TryChangeAsync(["volume", "rm", .. created], cancellationToken);
        var own = (app.Document["networks"] as JsonObject ?? []).Where(network => network.Value?["external"] is null).Select(network => EngineJson.Text(network.Value?["name"]));
        foreach (var network in own) await docker.TryChangeAsync(["network", "rm", network], cancellationToken);
    }

    public async Task ConnectAsync(Application app, ImmutableArray<string> accessories, CancellationToken cancellationToken)
    {
        var naming = new Naming(app.Name);
        var now = await ObserveAsync(app.Name, cancellationToken);
        string[] slots = [naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green)];
        await Task.WhenAll(slots.Append(naming.EdgeNetwork).Where(network => !now.Networks.Contains(network))
            .Select(network => docker.ChangeAsync(DockerCommands.CreateNetwork(app.Name, network), cancellationToken)));
        foreach (var network in slots)
        {
            foreach (var container in now.Accessories.Where(container => accessories.Contains(container.Service) && !container.Networks.Contains(network)))
                await docker.ChangeAsync(DockerCommands.Connect(network, container.Name, SlotModel.NamesOf(app.Document, container.Service)), cancellationToken);
            if (now.Edge.Exists && !now.Edge.Networks.Contains(network)) await docker.ChangeAsync(DockerCommands.Connect(network, naming.EdgeContainer), cancellationToken);
        }
    }

    public async Task RemoveNetworksAsync(string app, CancellationToken cancellationToken)
    {
        var naming = new Naming(app);
        foreach (var network in new[] { naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green) })
            foreach (var accessory in (await ObserveAsync(app, cancellationToken)).Accessories.Where(container => container.Networks.Contains(network)))
                await docker.TryChangeAsync(["network", "disconnect", "--force", network, accessory.Id], cancellationToken);
        await docker.TryChangeAsync(["network", "rm", naming.SlotNetwork(Slot.Blue), naming.SlotNetwork(Slot.Green), naming.EdgeNetwork], cancellationToken);
    }

    public async Task StartEdgeAsync(string app, EdgeConfiguration configuration, bool replace, CancellationToken cancellationToken)
    {
        var naming = new Naming(app);
        if (replace) await RemoveEdgeAsync(app, cancellationToken);
        if (await _api.GetAsync($"/containers/{naming.EdgeContainer}/json", cancellationToken) is null)
        {
            await docker.ChangeAsync(EdgeImage.CreateArguments(naming, configuration), cancellationToken);
            await docker.ChangeAsync(DockerCommands.Connect(naming.SlotNetwork(Slot.Blue), naming.EdgeContainer), cancellationToken);
            await docker.ChangeAsync(DockerCommands.Connect(naming.SlotNetwork(Slot.Green), naming.EdgeContainer), cancellationToken);
        }
        await docker.ChangeAsync(DockerCommands.Start(naming.EdgeContainer), cancellationToken);
    }

    public Task RemoveEdgeAsync(string app, CancellationToken cancellationToken) =>
        docker.TryChangeAsync(DockerCommands.Remove([new Naming(app).EdgeContainer]), cancellationToken);

    public async Task StartReleaseAsync(Application app, Slot slot, Release release, TimeSpan? healthCheckInterval, CancellationToken cancellationToken)
    {
        var model = SlotModel.ForSlot(app, slot, release, healthCheckInterval);
        var project = new Naming(app.Name).SlotProject(slot);
        var overlapping = app.Overlapping.Select(service => service.Name).ToList();
        var exclusive = app.Exclusives.Select(service => service.Name).ToList();
        await Task.WhenAll(
            overlapping.Count == 0 ? Task.CompletedTask : _compose.UpAsync(model, project, overlapping, start: true, dependencies: true, cancellationToken),
            exclusive.Count == 0 ? Task.CompletedTask : _compose.UpAsync(model, project, exclusive, start: false, dependencies: false, cancellationToken));
    }

    public Task StartContainersAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        Task.WhenAll(names.Select(name => docker.ChangeAsync(DockerCommands.Start(name), cancellationToken)));

    public async Task StopContainersAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var all = names.ToList();
        if (all.Count > 0) await docker.ChangeAsync(DockerCommands.Stop(all), cancellationToken);
    }

    public async Task RemoveReleaseAsync(string app, Slot slot, CancellationToken cancellationToken)
    {
        // A compose command that outlived its deployer may still be creating: look again until nothing is left.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var found = await _api.GetAsync("/containers/json?all=1&filters=" + EngineApi.Filters(("label", [$"{Naming.AppLabel}={app}", $"{Naming.SlotLabel}={slot.Name()}"])), cancellationToken) as JsonArray ?? [];
            var names = found.Select(entry => EngineJson.Text(entry!["Names"]?[0]).TrimStart('/')).ToList();
            if (names.Count == 0) return;
            await docker.TryChangeAsync(DockerCommands.Remove(names), cancellationToken);
        }
        throw new EngineException($"containers of {slot.Name()} keep appearing; what creates them? See `docker ps -a --filter label={Naming.SlotLabel}={slot.Name()}`");
    }

    public Task SetRestartsAsync(IEnumerable<Container> serving, IEnumerable<Container> idle, CancellationToken cancellationToken)
    {
        var wanted = serving.Select(container => (container.Name, Policy: container.Label(Naming.RestartLabel) ?? "unless-stopped"))
            .Concat(idle.Select(container => (container.Name, Policy: "no")));
        return Task.WhenAll(wanted.GroupBy(entry => entry.Policy).Select(group =>
            docker.ChangeAsync(DockerCommands.SetRestart(group.Key, group.Select(entry => entry.Name)), cancellationToken)));
    }

    public async Task<ImmutableArray<string>> RemoveImagesAsync(IEnumerable<string> references, CancellationToken cancellationToken)
    {
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var reference in references)
        {
            var result = await docker.TryChangeAsync(DockerCommands.RemoveImage(reference), cancellationToken);
            if (!result.Succeeded && !result.StandardError.Contains("No such image", StringComparison.Ordinal)) refused.Add($"image {reference} stays: {result.StandardError.Trim()}");
        }
        return refused.ToImmutable();
    }

    public async IAsyncEnumerable<ContainerEvent> WatchAsync(string app, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filters = EngineApi.Filters(("type", ["container"]), ("event", ["start", "die", "oom", "health_status", "exec_die"]));
        var from = FormattableString.Invariant($"{since.ToUnixTimeMilliseconds() / 1000.0:0.000}");
        await foreach (var line in _api.StreamAsync($"/events?since={from}&filters={filters}", cancellationToken))
            if (EngineJson.Event(line) is { } happened) yield return happened;
    }

    public async Task<Probe?> ReadProbeAsync(string containerId, CancellationToken cancellationToken) =>
        await _api.GetAsync($"/containers/{containerId}/json", cancellationToken) is { } inspected ? EngineJson.Probe(inspected) : null;

    public async Task<bool> ProbeNowAsync(string containerId, CancellationToken cancellationToken)
    {
        var test = (await _api.GetAsync($"/containers/{containerId}/json", cancellationToken))?["Config"]?["Healthcheck"]?["Test"] as JsonArray;
        var words = test?.Select(EngineJson.Text).ToList() ?? [];
        IEnumerable<string> probe = words switch
        {
            ["CMD", .. var command] => command,
            // The team's own health check, run as the engine runs it.
            ["CMD-SHELL", var line] => ["/bin/sh", "-c", line],
            _ => [],
        };
        return !probe.Any() || (await docker.ReadAsync(["exec", containerId, .. probe], cancellationToken)).Succeeded;
    }

    public async Task<ImmutableArray<string>> ReadLogAsync(string containerId, int lines, CancellationToken cancellationToken)
    {
        var result = await docker.ReadAsync(["logs", "--tail", lines.ToString(System.Globalization.CultureInfo.InvariantCulture), containerId], cancellationToken);
        return [.. (result.StandardOutput + result.StandardError).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }

    public async IAsyncEnumerable<string> FollowEdgeLogAsync(string app, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var logs = docker.StartStream("logs", "--follow", "--tail", "0", new Naming(app).EdgeContainer);
        await foreach (var line in logs.ReadLinesAsync(cancellationToken)) yield return line;
    }

    public void Dispose() => _api.Dispose();

    private async Task<ImmutableHashSet<string>> VolumesAsync(CancellationToken cancellationToken) =>
        [.. ((await _api.GetAsync("/volumes", cancellationToken))?["Volumes"] as JsonArray ?? []).Select(volume => EngineJson.Text(volume!["Name"]))];
}
