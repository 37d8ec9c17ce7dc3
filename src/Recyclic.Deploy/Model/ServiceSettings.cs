using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: how a service is configured, as data by which two releases are compared. Its containers have it as a label, so
/// it holds no value of an environment variable, and of what may hold a secret (a command, a health check) a
/// fingerprint alone. </summary>
/// <param name="Settings">By a name that a person knows, `memory limit`, `mount /data`: its text, or a fingerprint,
/// which begins with `#`.</param>
/// <param name="Variables">The names of its environment variables that the file gives it.</param>
internal sealed record ServiceSettings(
    ImmutableSortedDictionary<string, string> Settings,
    ImmutableSortedSet<string> Variables
)
{
    private const char FingerprintMark = '#';

    /// <summary>What has a way of its own to be shown, or is the same in every release that there can be.</summary>
    private static readonly ImmutableHashSet<string> LeftToOthers =
    [
        "environment",
        "image",
        "ports",
        "volumes",
        "deploy",
        "mem_limit",
        "cpus",
        "pids_limit",
        "scale",
        "build",
        "profiles",
        "develop",
        "extends",
        "env_file",
        "pull_policy",
    ];

    /// <summary>What is short, and never a secret: it is shown as it is.</summary>
    private static readonly ImmutableHashSet<string> Shown =
    [
        "container_name",
        "hostname",
        "restart",
        "user",
        "working_dir",
        "stop_grace_period",
        "stop_signal",
        "platform",
        "read_only",
        "privileged",
        "init",
        "shm_size",
    ];

    public static ServiceSettings Of(Application app, string service)
    {
        var model = app.Document["services"].At(service) as JsonObject ?? [];
        var settings = Resources(model)
            .Concat(Mounts(app, service))
            .Concat(Ports(app, service))
            .Concat(Others(model))
            .Concat(app.Files.FingerprintsOf(service))
            .Append(KeyValuePair.Create("image", ImageOf(app, model)));
        return new(
            settings
                .Where(setting => setting.Value.Length > 0)
                .DistinctBy(setting => setting.Key)
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            [.. VariablesOf(app, service).Keys]
        );
    }

    /// <summary>
    /// By name, a fingerprint of each value that the file gives to an environment variable; never to be written down.
    /// </summary>
    public static ImmutableDictionary<string, string> VariablesOf(Application app, string service) =>
        (app.Document["services"].At(service).At("environment") as JsonObject ?? []).ToImmutableDictionary(
            variable => variable.Key,
            variable => FingerprintOf(Plain(variable.Value?.ToString() ?? ""))
        );

    /// <summary>A short text that says whether two long ones are the same: 16 hexadecimal digits of SHA-256.</summary>
    public static string FingerprintOf(string text) =>
        FingerprintMark + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    public static bool IsFingerprint(string text) => text.StartsWith(FingerprintMark);

    public string ToLabel() => JsonSerializer.Serialize(this, ServiceSettingsJson.Default.ServiceSettings);

    /// <returns>Null: it has none, or one that is not ours.</returns>
    public static ServiceSettings? FromLabel(string? label)
    {
        try
        {
            return string.IsNullOrEmpty(label) ? null
                : JsonSerializer.Deserialize(label, ServiceSettingsJson.Default.ServiceSettings)
                    is { Settings: not null, Variables: not null } read
                    ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Where the file itself is the release, the tag in an image is a setting; else it is the release.
    /// </summary>
    private static string ImageOf(Application app, JsonObject model)
    {
        var image = model["image"].AsText() ?? "";
        if (app.IsFileRelease)
            return image;
        var name = image.Split('@')[0];
        return name.LastIndexOf(':') is var tag && tag > name.LastIndexOf('/') ? name[..tag] : name;
    }

    private static IEnumerable<KeyValuePair<string, string>> Resources(JsonObject model)
    {
        var limits = model["deploy"].At("resources").At("limits");
        yield return KeyValuePair.Create("memory limit", Text(limits.At("memory") ?? model["mem_limit"]));
        yield return KeyValuePair.Create("processor limit", Text(limits.At("cpus") ?? model["cpus"]));
        yield return KeyValuePair.Create("process limit", Text(limits.At("pids") ?? model["pids_limit"]));
        yield return KeyValuePair.Create("replicas", Text(model["deploy"].At("replicas") ?? model["scale"]));
        if (model["deploy"].At("resources").At("reservations") is { } reserved)
            yield return KeyValuePair.Create("reservations", FingerprintOf(reserved.ToJsonString()));
    }

    private static IEnumerable<KeyValuePair<string, string>> Mounts(Application app, string service) =>
        WithNames(app, service)
            .Where(mount => mount.Type is "volume" or "bind")
            .Select(mount =>
                KeyValuePair.Create(
                    $"mount {mount.Target}",
                    $"{(mount.Source.Length == 0 ? "anonymous volume" : mount.Type == "volume" ? $"volume {mount.Source}" : mount.Source)}{(mount.Writable ? "" : ", read-only")}"
                )
            );

    /// <summary>What goes with the release is not elsewhere because it was checked out elsewhere.</summary>
    private static IEnumerable<Mount> WithNames(Application app, string service) =>
        Mount
            .Of(app.Document, service)
            .Select(mount =>
                app.Files.Travelling.FirstOrDefault(file =>
                    file.Kind == FileKind.Mount && file.Service == service && file.Target == mount.Target
                )
                    is { } file
                    ? mount with
                    {
                        Source = file.Name,
                    }
                    : mount
            );

    private static IEnumerable<KeyValuePair<string, string>> Ports(Application app, string service) =>
        app
            .Routes.Where(route => route.Service == service && !route.IsInside)
            .GroupBy(route => route.Published)
            .Select(port =>
                KeyValuePair.Create($"port {port.Key}", string.Join(", ", port.Select(Describe).Distinct()))
            );

    private static string Describe(Route route) =>
        $"to {route.Target} {route.Mode.Name()}{(TlsRules.EndsTls(route) ? " behind TLS" : "")}{(route.HttpsPort is { } https ? $", sent on to https on {https}" : "")}{(route.HostAddress is { } address ? $" on {address}" : "")}{(route.Host is { } host ? $" for {host}" : "")}{route.Path}";

    private static IEnumerable<KeyValuePair<string, string>> Others(JsonObject model) =>
        from attribute in model
        where
            attribute.Value is not null
            && !LeftToOthers.Contains(attribute.Key)
            && !attribute.Key.StartsWith("x-", StringComparison.Ordinal)
        select KeyValuePair.Create(
            attribute.Key,
            Shown.Contains(attribute.Key) && attribute.Value is JsonValue
                ? Text(attribute.Value)
                : FingerprintOf(Plain(attribute.Value!.ToJsonString()))
        );

    private static string Text(JsonNode? value) => value is null ? "" : PrintableText.Of(Plain(value.ToString()), 80);

    /// <summary>A compose model doubles a dollar sign that is meant as such.</summary>
    private static string Plain(string text) => text.Replace("$$", "$", StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceSettings))]
internal sealed partial class ServiceSettingsJson : JsonSerializerContext;
