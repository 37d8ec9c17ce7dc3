using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Reads one service of a compose model and notes what is wrong with it.</summary>
internal sealed class ServiceReader(
    string name, JsonObject resolved, JsonObject raw, string file, IReadOnlyCollection<string> missingFiles, List<ConfigurationProblem> problems, List<string> warnings)
{
    private static readonly string[] KnownKeys = ["overlap", "settle", "mode", "host", "path", "release", "renew-volumes"];

    public string Name => name;

    public JsonObject Raw => raw;

    private string Place => $"{file}: services.{name}";

    private JsonObject Extension => raw["x-recyclic"] as JsonObject ?? [];

    private bool HasHealthCheck => resolved["healthcheck"] is JsonObject check && check["disable"]?.GetValueKind() != JsonValueKind.True
        && check["test"] is JsonArray { Count: > 0 } test && test[0].AsText() != "NONE";

    /// <summary>What every service needs, whatever it is: its name goes into names of containers and into the edge's configuration.</summary>
    public void CheckName()
    {
        if (!Route.IsServiceName(name))
            problems.Add(new(file, $"'{PrintableText.Of(name, 60)}' cannot be a service's name", "Use letters, digits, '.', '_' and '-', beginning with a letter or digit."));
        foreach (var taken in SlotModel.NamesOf(resolved, name).Where(Naming.IsReservedAlias))
            Refuse($"the name {taken} is reserved: by names that begin with blue-- and green-- the edge finds a release's containers", "Give it another name.");
    }

    /// <param name="mustComplete">Whether another service waits for it to end (`service_completed_successfully`).</param>
    public void CheckReleaseService(bool engineIsLocal, bool mustComplete)
    {
        if (resolved["image"].AsText() is not { Length: > 0 })
            Refuse("its image is not a text", "Write for example image: team/api:${TAG}.");
        if (mustComplete)
            Refuse("another service waits for it to complete, but a release service is one that stays up", "Do its work at the start of the service that waits for it, in that one's command or entrypoint.");
        else if (!HasHealthCheck && !Extension.ContainsKey("settle"))
            Refuse("it has no health check, so nothing says when it is ready", $$"""
                Add for example
                    healthcheck:
                      test: ["CMD", "curl", "-fsS", "http://127.0.0.1:{{ResolvedPorts().FirstOrDefault()?["target"] ?? 8000}}/health"]
                      interval: 5s
                      retries: 3
                or, if staying up is enough: x-recyclic: { settle: 10s }
                """);
        if (resolved["container_name"] is not null)
            Refuse("`container_name` is fixed, but two releases must run side by side", "Remove container_name.");
        if (resolved["network_mode"] is not null)
            Refuse("`network_mode` takes it out of its slot's network", "Remove network_mode.");
        if (resolved["volumes_from"] is not null)
            Refuse("`volumes_from` ties it to one container, but two releases must run side by side", "Mount a named volume in both services.");
        foreach (var link in Texts("links").Where(link => link.Split(':') is [var service, var alias] && service != alias))
            Refuse($"the link {link} gives a service another name", $"Remove the link and use the service's own name, {link.Split(':')[0]}.");
        foreach (var network in (resolved["networks"] as JsonObject ?? []).Where(n => n.Value.At("ipv4_address") is not null || n.Value.At("ipv6_address") is not null))
            Refuse($"it has a fixed address on the network {network.Key}, but two releases must run side by side", "Remove ipv4_address and ipv6_address; use the service name.");
        CheckSettings();
        CheckPorts();
        CheckFiles(engineIsLocal);
    }

    /// <summary>An accessory runs as the file says; only what the slots need of it is checked.</summary>
    public void CheckAccessory(bool engineIsLocal)
    {
        CheckSwitch("release", "false: it is an accessory; true: it is a release service.");
        if (!Extension.ContainsKey("release") && raw.ContainsKey("x-recyclic"))
            Refuse("it has x-recyclic, which is for release services only; this is an accessory, because its image does not use ${TAG}", "Remove x-recyclic, or use ${TAG} in the image.");
        foreach (var key in Extension.Select(entry => entry.Key).Where(key => Extension.ContainsKey("release") && key != "release"))
            Refuse($"it has x-recyclic.{PrintableText.Of(key, 60)}, which is for release services only; this is an accessory, by x-recyclic.release", "Remove one of the two.");
        if (resolved["network_mode"] is { } mode)
            Refuse($"`network_mode: {mode}` keeps the releases' networks from being joined to it", "Remove network_mode, or run this service outside of the application.");
        if (!engineIsLocal) return;
        foreach (var path in missingFiles)
            warnings.Add($"{name} mounts {path}, which does not exist: Docker creates it as an empty directory");
    }

    /// <param name="document">The model that it is of.</param>
    public ReleaseService ReadReleaseService(JsonObject document) => new(
        name,
        resolved["image"].AsText() ?? "",
        Replicas(),
        Is("overlap", JsonValueKind.False),
        HasHealthCheck ? null : ComposeReader.ParseDuration(Text("settle")),
        resolved["restart"].AsText() is { } restart and not "no" ? restart : "unless-stopped",
        HasHealthCheck)
    {
        AnonymousPaths = Mount.AnonymousOf(document, name),
        RenewsVolumes = Is("renew-volumes", JsonValueKind.True),
        IsReleaseForSure = Is("release", JsonValueKind.True),
    };

    public Accessory ReadAccessory() => new(name, resolved["image"].AsText() ?? $"(built) {name}", HasHealthCheck);

    public IEnumerable<Route> ReadRoutes() =>
        from port in ResolvedPorts()
        let published = port["published"]?.ToString()
        let number = int.TryParse(published, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0
        where number > 0
        select new Route(name, port["target"].AsNumber() ?? 0, number,
            port["host_ip"].AsText(), Text("mode") == "tcp" ? RouteMode.Tcp : RouteMode.Http, Text("host"), Text("path"), Replicas())
        { Private = true };

    /// <summary>The TCP ports it takes on the host.</summary>
    public IEnumerable<string> PublishedPorts => ResolvedPorts().Where(port => port["protocol"].AsText() is null or "tcp").Select(port => port["published"]?.ToString() ?? "");

    private IEnumerable<JsonObject> ResolvedPorts() => (resolved["ports"] as JsonArray ?? []).OfType<JsonObject>();

    private int Replicas() => (resolved["deploy"].At("replicas") ?? resolved["scale"]) is { } count ? count.AsNumber() ?? 0 : 1;

    private void CheckSettings()
    {
        if (raw["x-recyclic"] is { } given and not JsonObject || raw.ContainsKey("x-recyclic") && raw["x-recyclic"] is null)
            Refuse($"x-recyclic is {raw["x-recyclic"]?.ToJsonString() ?? "empty"}, not a map of settings", "Write for example x-recyclic: { overlap: false }.");
        foreach (var key in Extension.Select(entry => entry.Key).Where(key => !KnownKeys.Contains(key)))
            Refuse($"x-recyclic has no setting '{key}'", $"Use one of: {string.Join(", ", KnownKeys)}.");
        CheckSwitch("overlap", "false: it must not run twice and is handed over at cutover.");
        CheckSwitch("release", "false: it is an accessory; true: it is a release service.");
        CheckSwitch("renew-volumes", "true: each release begins with fresh anonymous volumes.");
        if (!Is("release", JsonValueKind.True) && DatabaseImages.Reason(resolved["image"].AsText() ?? "") is { } reason)
            problems.Add(DatabaseImages.Refusal(Place, reason));
        if (Extension.ContainsKey("settle") && ComposeReader.ParseDuration(Text("settle")) is null)
            Refuse($"x-recyclic.settle '{Shown("settle")}' is not a duration", "Write for example 10s.");
        if (Extension.ContainsKey("mode") && Text("mode") is not ("http" or "tcp"))
            Refuse($"x-recyclic.mode '{Shown("mode")}' is unknown", "Use http (the default) or tcp.");
        if (Extension.ContainsKey("host") && !Route.IsHostName(Text("host") ?? ""))
            Refuse($"x-recyclic.host '{Shown("host")}' is not a host name", "Write one, for example shop.example.org, without scheme and port; leave it out for any host.");
        if (Extension.ContainsKey("path") && !Route.IsPath(Text("path") ?? ""))
            Refuse($"x-recyclic.path '{Shown("path")}' is not a path", Text("path") == "/"
                ? "Leave it out: without it every path matches."
                : "Write for example /api: it begins with '/', has no trailing '/', and matches itself and everything below it.");
        if (Text("mode") == "tcp" && (Extension.ContainsKey("host") || Extension.ContainsKey("path")))
            Refuse("x-recyclic has mode tcp together with host or path, which only HTTP requests carry", "Remove host and path, or the mode.");
        if ((Extension.ContainsKey("host") || Extension.ContainsKey("path") || Extension.ContainsKey("mode")) && !ResolvedPorts().Any())
            warnings.Add($"{name} has x-recyclic.mode, host or path but publishes no port: they have no effect");
        if (Replicas() is < 1 or > 50) Refuse($"deploy.replicas is {Replicas()}", "Use 1 to 50.");
    }

    private void CheckPorts()
    {
        foreach (var port in ResolvedPorts())
        {
            if (port["protocol"].AsText() is "udp")
                Refuse($"it publishes the UDP port {port["target"]}, which the edge cannot forward", "Move that port to an accessory, or remove it.");
            if (port["target"].AsNumber() is not (> 0 and <= 65535))
                Refuse($"it publishes the port {port["target"]?.ToJsonString()} of its container, which is no port", "Use 1 to 65535.");
            var written = port["published"]?.ToString();
            if (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var published) || published is < 1 or > 65535)
                Refuse($"the host port of {port["target"]} is {(string.IsNullOrEmpty(written) ? "a random one" : $"{written}, not one fixed number")}", $"Publish it as \"{port["target"]}:{port["target"]}\".");
            if (port["host_ip"].AsText() is not { Length: > 0 } address) continue;
            if (!address.Contains(':', StringComparison.Ordinal) && !Route.IsHostAddress(address))
                Refuse($"port {written} is published on '{PrintableText.Of(address, 60)}', which is no IPv4 address", "Publish it on an address of the host such as 127.0.0.1, or on all of them.");
            if (address.Contains(':', StringComparison.Ordinal))
                Refuse($"port {written} is published on the IPv6 address {address}, which the edge cannot do yet", "Publish it on an IPv4 address, or on all of them.");
        }
        if (Is("overlap", JsonValueKind.False) && ResolvedPorts().Any())
            warnings.Add($"{name} publishes a port but must not run twice (x-recyclic.overlap: false): requests to it fail while it is handed over");
    }

    /// <summary>What it mounts of the machine that runs the deployer.</summary>
    private void CheckFiles(bool engineIsLocal)
    {
        var written = (raw["volumes"] as JsonArray ?? []).OfType<JsonObject>().ToLookup(mount => mount["target"]?.ToString(), mount => mount["source"]?.ToString() ?? "");
        foreach (var mount in (resolved["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(mount => mount["type"].AsText() == "bind"))
        {
            var source = mount["source"].AsText() ?? "";
            if (!written[mount["target"]?.ToString()].Any(path => path.StartsWith('.') || path.StartsWith('~')) || missingFiles.Contains(source)) continue;
            if (engineIsLocal) warnings.Add($"{name} mounts {source}, which is not part of its image: a rollback does not bring an earlier version of it back");
            else Refuse($"it mounts {source} of this machine, but the engine runs on another", "Put the file into the image, or use a named volume.");
        }
        if (!engineIsLocal) return;
        foreach (var path in missingFiles)
            Refuse($"it mounts {path}, which does not exist; Docker would put an empty directory there", "Create it, or mend the path.");
    }

    private void CheckSwitch(string key, string meaning)
    {
        if (Extension.ContainsKey(key) && Extension[key]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            Refuse($"x-recyclic.{key} '{Shown(key)}' is neither true nor false", meaning);
    }

    private bool Is(string key, JsonValueKind kind) => Extension[key] is JsonValue value && value.GetValueKind() == kind;

    private string? Text(string key) => Extension[key] is JsonValue value ? value.ToString() : null;

    private string Shown(string key) => Extension[key] is { } value ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() : "";

    private IEnumerable<string> Texts(string key) => (resolved[key] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.ToString());

    private void Refuse(string what, string mend) => problems.Add(new(Place, what, mend));
}
