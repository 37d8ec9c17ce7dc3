using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>Reads one service of a compose model and notes what is wrong with it.</summary>
internal sealed partial class ServiceReader(
    string name, JsonObject resolved, JsonObject raw, string file, List<ConfigurationProblem> problems, List<string> warnings)
{
    private static readonly string[] KnownKeys = ["overlap", "settle", "mode", "host", "path"];

    public JsonObject Raw => raw;

    private string Place => $"{file}: services.{name}";

    private JsonObject Extension => raw["x-recyclic"] as JsonObject ?? [];

    private bool HasHealthCheck => resolved["healthcheck"] is JsonObject check && check["disable"]?.GetValue<bool>() != true
        && check["test"] is JsonArray { Count: > 0 } test && test[0]?.GetValue<string>() != "NONE";

    public void CheckReleaseService(bool engineIsLocal)
    {
        if (!HasHealthCheck && !Extension.ContainsKey("settle"))
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
        foreach (var network in (resolved["networks"] as JsonObject ?? []).Where(n => n.Value?["ipv4_address"] is not null || n.Value?["ipv6_address"] is not null))
            Refuse($"it has a fixed address on the network {network.Key}, but two releases must run side by side", "Remove ipv4_address and ipv6_address; use the service name.");
        foreach (var key in Extension.Select(entry => entry.Key).Where(key => !KnownKeys.Contains(key)))
            Refuse($"x-recyclic has no setting '{key}'", $"Use one of: {string.Join(", ", KnownKeys)}.");
        CheckSettings();
        CheckBindMounts(engineIsLocal);
    }

    public ReleaseService ReadReleaseService() => new(
        name,
        resolved["image"]!.GetValue<string>(),
        Replicas(),
        Extension["overlap"] is JsonValue overlap && overlap.GetValueKind() == JsonValueKind.False,
        HasHealthCheck ? null : ComposeReader.ParseDuration(Text("settle")),
        resolved["restart"]?.GetValue<string>() is { } restart and not "no" ? restart : "unless-stopped",
        HasHealthCheck);

    public Accessory ReadAccessory() => new(name, resolved["image"]?.GetValue<string>() ?? $"(built) {name}", HasHealthCheck);

    public IEnumerable<Route> ReadRoutes() =>
        from port in ResolvedPorts()
        let published = port["published"]?.ToString()
        where int.TryParse(published, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select new Route(name, port["target"]!.GetValue<int>(), int.Parse(published!, CultureInfo.InvariantCulture),
            port["host_ip"]?.GetValue<string>(), Text("mode") == "tcp" ? RouteMode.Tcp : RouteMode.Http, Text("host"), Text("path"), Replicas());

    private IEnumerable<JsonObject> ResolvedPorts() => (resolved["ports"] as JsonArray ?? []).OfType<JsonObject>();

    private int Replicas() => (resolved["deploy"]?["replicas"] ?? resolved["scale"])?.GetValue<int>() ?? 1;

    private void CheckSettings()
    {
        if (Extension.ContainsKey("overlap") && Extension["overlap"]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            Refuse("x-recyclic.overlap must be true or false", "false: it must not run twice and is handed over at cutover.");
        if (Extension.ContainsKey("settle") && ComposeReader.ParseDuration(Text("settle")) is null)
            Refuse($"x-recyclic.settle '{Text("settle")}' is not a duration", "Write for example 10s.");
        if (Extension.ContainsKey("mode") && Text("mode") is not ("http" or "tcp"))
            Refuse($"x-recyclic.mode '{Text("mode")}' is unknown", "Use http (the default) or tcp.");
        if (Text("host") is { } host && !HostName().IsMatch(host))
            Refuse($"x-recyclic.host '{host}' is not a host name", "Write for example shop.example.org.");
        if (Text("path") is { } path && !UrlPath().IsMatch(path))
            Refuse($"x-recyclic.path '{path}' is not a path", "Write for example /api: it begins with '/', has no trailing '/', and matches itself and everything below it.");
        if (Replicas() is < 1 or > 50) Refuse($"deploy.replicas is {Replicas()}", "Use 1 to 50.");
        foreach (var port in ResolvedPorts())
        {
            if (port["protocol"]?.GetValue<string>() is "udp")
                Refuse($"it publishes the UDP port {port["target"]}, which the edge cannot forward", "Move that port to an accessory, or remove it.");
            if (!int.TryParse(port["published"]?.ToString(), out var published) || published is < 1 or > 65535)
                Refuse($"the host port of {port["target"]} is not one fixed number", $"Publish it as \"{port["target"]}:{port["target"]}\".");
        }
    }

    private void CheckBindMounts(bool engineIsLocal)
    {
        var rawMounts = (raw["volumes"] as JsonArray ?? []).Select(mount => (mount as JsonObject)?["source"]?.ToString() ?? mount?.ToString() ?? "").ToList();
        var mounts = (resolved["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(mount => mount["type"]?.GetValue<string>() == "bind");
        foreach (var source in mounts.Select(mount => mount["source"]?.GetValue<string>() ?? ""))
        {
            var relative = rawMounts.Any(written => written.StartsWith('.') && source.EndsWith(written.TrimStart('.', '/').Split(':')[0], StringComparison.Ordinal));
            if (!relative) continue;
            if (engineIsLocal) warnings.Add($"{name} mounts {source}, which is not part of its image: a rollback does not bring an earlier version of it back");
            else Refuse($"it mounts {source} of this machine, but the engine runs on another", "Put the file into the image, or use a named volume.");
        }
    }

    private string? Text(string key) => Extension[key] is JsonValue value ? value.ToString() : null;

    private void Refuse(string what, string mend) => problems.Add(new(Place, what, mend));

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A(/[A-Za-z0-9._~-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPath();
}
