using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What `docker inspect` says of the containers that we create is what it says of those that plain compose creates from
/// the same file, but for names, networks, published ports, labels, and what the table of attributes says is shown
/// otherwise. Nothing is started. </summary>
[Category("Docker"), CancelAfter(600_000)]
public sealed partial class InspectTests
{
    private const string App = "cmp-inspect",
        Plain = App + "-plain";
    private const int AtOnce = 3;

    /// <summary>What this engine and this compose have never heard of is compared elsewhere.</summary>
    private const int LeastCompared = 24;

    private static readonly ProcessCommandRunner Runner = new();
    private static readonly string[] Anyways =
    [
        "Id",
        "Name",
        "Created",
        "State",
        "LogPath",
        "ResolvConfPath",
        "HostnamePath",
        "HostsPath",
        "GraphDriver",
        "NetworkSettings",
    ];

    private static IEnumerable<string> ComposeFiles =>
        Directory.EnumerateFiles(Path.Combine(Repository.Files, "inspect"), "*.yml").Order(StringComparer.Ordinal);

    [Test]
    public void The_files_use_every_attribute_of_the_table()
    {
        var texts = string.Join('\n', ComposeFiles.Select(File.ReadAllText));
        ComposeAttributes
            .OfService.Select(attribute => attribute.Name)
            .Where(name => !Regex.IsMatch(texts, $@"(^ {{4}}|[{{,] ){name}:", RegexOptions.Multiline))
            .ShouldBeEmpty();
    }

    [Test]
    public async Task Each_container_is_as_plain_compose_makes_it_but_for_what_the_table_says(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "inspect");
        await stack.RemoveAsync();
        using var engine = new DockerEngine(new DockerCli(Runner), new ComposeSettings { Profiles = ["inspected"] });
        // Its containers are made without a deploy, and so without an agent.
        using var held = engine.Host.Changes.Under(App, _ => Task.CompletedTask);
        try
        {
            var network = new Naming(App).SlotNetwork(Slot.Blue);
            await Stack.DockerAsync(cancellationToken, "network", "create", network);
            await Stack.DockerAsync(
                cancellationToken,
                "network",
                "create",
                "--label",
                $"com.docker.compose.project={Plain}",
                "--label",
                "com.docker.compose.network=default",
                $"{Plain}_default"
            );
            var engineOf = await Stack.DockerAsync(cancellationToken, "version", "--format", "{{.Server.Arch}}");
            var tried = new System.Collections.Concurrent.ConcurrentBag<Tried>();
            await Parallel.ForEachAsync(
                ComposeFiles,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (file, token) => tried.Add(await TryAsync(file, engine, engineOf, token))
            );

            var seen = await SeenAsync(cancellationToken);
            var differences = tried
                .OrderBy(each => each.File, StringComparer.Ordinal)
                .SelectMany(each => Differences(each, seen))
                .ToList();
            foreach (var each in tried.Where(each => each.Plainly is not null))
                TestContext.Out.WriteLine($"{each.File} is not for this engine: {each.Plainly}");
            differences.ShouldBeEmpty(string.Join('\n', differences));
            tried.Count(each => each is { Plainly: null, Ours: null }).ShouldBeGreaterThanOrEqualTo(LeastCompared);
        }
        finally
        {
            // Stack takes the rest away; what has no name goes with its containers.
            await Runner.RunAsync(
                Command.Of("docker", ["rm", "--force", "--volumes", .. await ContainersAsync(CancellationToken.None)]),
                CancellationToken.None
            );
        }
    }

    private static async Task<Tried> TryAsync(
        string file,
        DockerEngine engine,
        string architecture,
        CancellationToken cancellationToken
    )
    {
        var name = Path.GetFileName(file);
        var plainly = await Runner.RunAsync(
            Command.Of(
                "docker",
                "compose",
                "-p",
                Plain,
                "-f",
                file,
                "--profile",
                "inspected",
                "up",
                "--no-start",
                "--no-build"
            ) with
            {
                Environment = Stack.Variables(("TAG", "v1"), ("ENGINE", architecture)),
                Timeout = TimeSpan.FromMinutes(1),
            },
            cancellationToken
        );
        string? why = plainly.Succeeded ? null : plainly.StandardError.Trim().Split('\n')[^1];
        try
        {
            var request = new DeployRequest(
                file,
                App,
                ReleaseTag.Parse("v1"),
                null,
                "a test",
                Wait: false,
                new DeployOptions()
            );
            var (app, release) = await new Validator(
                Platform.Of(engine, DispatchProxy.Create<IHostLock, Silent>()),
                DispatchProxy.Create<IDeployReporter, Silent>()
            ).ValidateAsync(request, cancellationToken);
            var volumes = DataVolumes.Plan(app, await engine.ObserveAsync(App, cancellationToken));
            foreach (var volume in volumes)
                await Runner.RunAsync(
                    Command.Of("docker", DockerCommands.CreateVolume(App, volume)),
                    cancellationToken
                );
            var model = SlotModel.ForSlot(app, Slot.Blue, release, null, new Naming(App), "t.1", volumes);
            await engine.Host.Changes.ComposeUpAsync(
                app,
                model,
                new Naming(App).SlotProject(Slot.Blue),
                [.. app.Services.Select(service => service.Name)],
                start: false,
                dependencies: false,
                cancellationToken
            );
            if (!app.Accessories.IsEmpty)
                await engine.Host.Changes.ComposeUpAsync(
                    app,
                    SlotModel.ForAccessories(app),
                    App,
                    [.. app.Accessories.Select(accessory => accessory.Name)],
                    start: false,
                    dependencies: false,
                    cancellationToken
                );
            return new Tried(name, app, why, null);
        }
        catch (Exception exception) when (exception is ConfigurationException or CommandFailedException)
        {
            return new Tried(name, null, why, exception.Message);
        }
    }

    private static IEnumerable<string> Differences(
        Tried tried,
        Dictionary<(string Project, string Service), JsonObject> seen
    )
    {
        if (tried.Plainly is not null && tried.Ours is null)
            yield return $"{tried.File}: plain compose refuses it ({tried.Plainly}), and we do not";
        var refused = ComposeAttributes.OfService.Where(attribute => attribute.Treatment == AttributeTreatment.Refused);
        if (
            tried is { Plainly: null, Ours: { } why }
            && !refused.Any(attribute => why.Contains(attribute.Name, StringComparison.Ordinal))
        )
            yield return $"{tried.File}: plain compose makes it, and we say: {why}";
        if (tried.App is not { } app || tried.Plainly is not null)
            yield break;
        foreach (
            var (service, project) in app
                .Services.Select(service => (service.Name, new Naming(App).SlotProject(Slot.Blue)))
                .Concat(app.Accessories.Select(accessory => (accessory.Name, App)))
        )
        {
            if (
                !seen.TryGetValue((Plain, service), out var plain)
                || !seen.TryGetValue((project, service), out var ours)
            )
            {
                yield return $"{tried.File}: {service} is not there";
                continue;
            }
            var allowed = project == App ? [] : Allowed((JsonObject)app.Document["services"]![service]!);
            foreach (
                var difference in Compare("", plain, ours)
                    .Where(each => !each.Path.StartsWith("Config.Labels.", StringComparison.Ordinal))
                    .Where(each =>
                        !allowed.Any(path =>
                            each.Path == path || each.Path.StartsWith(path + ".", StringComparison.Ordinal)
                        )
                    )
            )
                yield return $"{tried.File}: {service}: {difference.Path} is {difference.Plain} plainly, and {difference.Ours} here";
            foreach (var wrong in Labels(plain, ours, project == App))
                yield return $"{tried.File}: {service}: {wrong}";
        }
    }

    /// <summary>Where the attributes that a service has are shown otherwise.</summary>
    private static ImmutableArray<string> Allowed(JsonObject service) =>
        [
            .. ComposeAttributes
                .OfService.Where(attribute => attribute.IsAlways || service.ContainsKey(attribute.Name))
                .SelectMany(attribute => attribute.Shown),
        ];

    /// <summary>
    /// Those of the file are all there, and the restart policy that it asks for is what the container gets once it
    /// serves.
    /// </summary>
    private static IEnumerable<string> Labels(JsonNode plain, JsonNode ours, bool isAccessory)
    {
        var labels = ours["Config"]!["Labels"]!.AsObject();
        foreach (
            var (name, value) in plain["Config"]!["Labels"]!
                .AsObject()
                .Where(label => !label.Key.StartsWith("com.docker.compose", StringComparison.Ordinal))
        )
            if (labels[name]?.ToString() != value?.ToString())
                yield return $"label {name} is {value} plainly, and {labels[name]} here";
        var policy = plain["HostConfig"]!["RestartPolicy"]!;
        var asked = policy["MaximumRetryCount"]!.GetValue<int>() is > 0 and var most
            ? $"{policy["Name"]}:{most}"
            : $"{policy["Name"]}";
        if (!isAccessory && asked is not ("no" or "") && labels[Naming.RestartLabel]?.ToString() != asked)
            yield return $"it restarts {asked} plainly, and {labels[Naming.RestartLabel]} here";
    }

    private static IEnumerable<(string Path, string Plain, string Ours)> Compare(
        string path,
        JsonNode? plain,
        JsonNode? ours
    )
    {
        if (plain is JsonObject one && ours is JsonObject other)
            return one.Select(entry => entry.Key)
                .Union(other.Select(entry => entry.Key))
                .SelectMany(key => Compare(path.Length == 0 ? key : $"{path}.{key}", one[key], other[key]));
        var (expected, is_) = (plain?.ToJsonString() ?? "null", ours?.ToJsonString() ?? "null");
        return expected == is_ ? [] : [(path, expected, is_)];
    }

    /// <summary>All of them as the engine describes them, without what is another's anyway.</summary>
    private static async Task<Dictionary<(string, string), JsonObject>> SeenAsync(CancellationToken cancellationToken)
    {
        var all = JsonNode
            .Parse(
                await Stack.DockerAsync(cancellationToken, ["inspect", .. await ContainersAsync(cancellationToken)])
            )!
            .AsArray();
        return all.ToDictionary(
            container => (Label(container!, "project"), Label(container!, "service")),
            container => Usual(container!)
        );

        static string Label(JsonNode container, string label) =>
            container["Config"]!["Labels"]![$"com.docker.compose.{label}"]!.ToString();
    }

    private static async Task<string[]> ContainersAsync(CancellationToken cancellationToken) =>
        Stack.Lines(
            string.Join(
                '\n',
                await Task.WhenAll(
                    new[] { Plain, App, new Naming(App).SlotProject(Slot.Blue) }.Select(project =>
                        Stack.DockerAsync(
                            cancellationToken,
                            "ps",
                            "--all",
                            "--quiet",
                            "--filter",
                            $"label=com.docker.compose.project={project}"
                        )
                    )
                )
            )
        );

    private static JsonObject Usual(JsonNode container)
    {
        var (id, usual) = (container["Id"]!.ToString(), JsonNode.Parse(Names(container.ToJsonString()))!.AsObject());
        foreach (var anyway in Anyways)
            usual.Remove(anyway);
        var mode = container["HostConfig"]!["NetworkMode"]!.ToString();
        var (config, host) = (usual["Config"]!.AsObject(), usual["HostConfig"]!.AsObject());
        // Without a name of its own a container is called by the beginning of its id.
        if (id.StartsWith(config["Hostname"]!.ToString(), StringComparison.Ordinal))
            config["Hostname"] = "(its id)";
        // Published ports are the edge's.
        host.Remove("PortBindings");
        foreach (var published in container["HostConfig"]!["PortBindings"]?.AsObject() ?? [])
            (config["ExposedPorts"] as JsonObject)?.Remove(published.Key);
        if (config["ExposedPorts"] is null or JsonObject { Count: 0 })
            config.Remove("ExposedPorts");
        if (
            mode is not ("none" or "host" or "default" or "bridge")
            && !mode.StartsWith("container:", StringComparison.Ordinal)
        )
            host["NetworkMode"] = "(a network)";
        foreach (
            var mount in (host["Mounts"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .Where(mount => mount["Type"]!.ToString() == "volume")
        )
        {
            var source = mount["Source"]?.ToString() ?? "(anonymous)";
            mount.Remove("Source");
            mount["Source"] = source;
        }
        // Compose reads these into maps, and writes them in any order.
        foreach (
            var (parent, list) in new[]
            {
                (config, "Env"),
                (usual, "Mounts"),
                (host, "Binds"),
                (host, "Mounts"),
                (host, "Ulimits"),
                (host, "ExtraHosts"),
            }
        )
            if (parent[list] is JsonArray items)
                parent[list] = new JsonArray([
                    .. items
                        .Select(item => item!.DeepClone())
                        .OrderBy(item => item.ToJsonString(), StringComparer.Ordinal),
                ]);
        return usual;
    }

    /// <summary>A project's things have its name; what has none of its own has one from us.</summary>
    private static string Names(string text) =>
        Anonymous()
            .Replace(
                text.Replace($"{Plain}_", $"{App}_", StringComparison.Ordinal)
                    .Replace($"{Plain}-", $"{App}-", StringComparison.Ordinal),
                "(anonymous)"
            );

    [GeneratedRegex(@"\b[0-9a-f]{64}\b|cmp-inspect\.[a-z.-]+")]
    private static partial Regex Anonymous();

    /// <param name="App">Null: we refused it.</param>
    /// <param name="Plainly">Why plain compose made nothing of it; null: it did.</param>
    /// <param name="Ours">Why we made nothing of it; null: we did.</param>
    private sealed record Tried(string File, Application? App, string? Plainly, string? Ours);

    /// <summary>Hears nothing.</summary>
    public class Silent : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
