using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Reads one service of a compose model and notes what is wrong with it.</summary>
internal sealed partial class ServiceReader(
    string name,
    JsonObject resolved,
    ComposeModel compose,
    IReadOnlyCollection<string> missingFiles,
    List<ConfigurationProblem> problems,
    List<string> warnings
)
{
    public string Name => name;

    private string Place => $"{compose.File}: services.{name}";

    private JsonNode? Given => compose.Extensions[name];

    private JsonObject Extension => Given as JsonObject ?? [];

    private HealthCheck Check => HealthCheck.Of(resolved["healthcheck"] as JsonObject);

    /// <summary>How long what has neither a health check nor a port must stay up, where nothing is said.</summary>
    private static readonly TimeSpan UsualSettle = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What every service needs, whatever it is: its name goes into names of containers and into the edge's
    /// configuration.
    /// </summary>
    public void CheckName()
    {
        if (!Route.IsServiceName(name))
            problems.Add(
                new(
                    compose.File,
                    $"'{PrintableText.Of(name, 60)}' cannot be a service's name",
                    "Use letters, digits, '.', '_' and '-', beginning with a letter or digit."
                )
            );
        foreach (
            var taken in ServiceNames
                .NamesOf(resolved, name)
                .Concat(ServiceNames.WishesOf(resolved))
                .Where(Naming.IsReservedAlias)
        )
            Refuse(
                $"the name {taken} is reserved: by names that begin with blue-- and green-- the edge finds a release's containers",
                "Give it another name."
            );
    }

    /// <summary>
    /// Whether it does its work once for each release and ends: another service waits for that, or it is not to be
    /// restarted and nothing says that it stays up. What publishes a port, has a health check or a settle time does;
    /// `x-recyclic.one-off` has the last word. </summary>
    public bool IsOneOff =>
        Is("one-off", JsonValueKind.True)
        || Extension.ContainsKey(Migrations.Setting)
        || !Is("one-off", JsonValueKind.False)
            && (
                MustComplete
                || (RestartPolicy() == "no" || OneOffs.LooksLikeOne(resolved))
                    && !Check.Exists
                    && !Extension.ContainsKey("settle")
                    && !Extension.ContainsKey("health")
                    && !ResolvedPorts().Any()
            );

    private const string StartsFirstSetting = "starts-first";

    private int? StartsFirst => Extension[StartsFirstSetting].AsNumber();

    private bool MustComplete => ComposeReader.MustComplete(compose.Resolved["services"] as JsonObject ?? [], name);

    private string Why =>
        compose.Choice.Reasons.GetValueOrDefault(name) ?? $"its image does not use ${{{compose.TagVariable}}}";

    /// <param name="document">The model that it is of.</param>
    public ReleaseService ReadReleaseService(JsonObject document) =>
        new(
            name,
            resolved["image"].AsText() ?? "",
            Replicas(),
            Exclusive: Is("overlap", JsonValueKind.False) && !IsOneOff,
            Check.Exists || IsOneOff
                ? null
                : ComposeReader.ParseDuration(Text("settle")) ?? (Probe is null ? UsualSettle : null),
            IsOneOff ? "no" : RestartPolicy(),
            Check.Exists
        )
        {
            Hold = ComposeReader.ParseDuration(Text("hold")),
            OneOff = IsOneOff ? ComposeReader.ParseDuration(Text("deadline")) ?? OneOffs.DefaultDeadline : null,
            IsContract = Migrations.Read(Text(Migrations.Setting)) == MigrationKind.Contract,
            StartsFirst = StartsFirst,
            HealthCheck = Check,
            Probe = IsOneOff || Check.Exists && Probe?.Kind != ProbeKind.Health ? null : Probe,
            Inside = IsOneOff || NetworkModes.IsOwn(resolved) ? [] : Inside(),
            Exposed = [.. PublishedTargets.Concat(Exposed).Distinct()],
            OldAssets = OldAssets.Read(Extension[OldAssets.Setting]),
            SaidMode = SaidMode,
            AssumedBy = compose.AssumedImages.GetValueOrDefault(name),
            IsSettleGiven = Extension.ContainsKey("settle"),
            AnonymousPaths = Mount.AnonymousOf(document, name),
            RenewsVolumes = Is("renew-volumes", JsonValueKind.True),
            IsReleaseForSure = IsReleaseForSure,
            MayOverlap =
                Is("overlap", JsonValueKind.True) ? true
                : Is("overlap", JsonValueKind.False) ? false
                : null,
        };

    public Accessory ReadAccessory() =>
        new(name, resolved["image"].AsText() ?? $"(built) {name}", Check.Exists)
        {
            IsJoined = NetworkMode is null,
            Calls = !Is("calls", JsonValueKind.False),
            Patience = Check.Exists ? Check.Patience : null,
        };

    private string? NetworkMode => resolved["network_mode"].AsText() is { Length: > 0 } mode ? mode : null;

    /// <summary>
    /// As compose has it. One that says nothing restarts all the same: what serves must come back when its engine does.
    /// </summary>
    private string RestartPolicy()
    {
        const string Default = "unless-stopped";
        if (resolved["restart"].AsText() is { Length: > 0 } restart)
            return restart;
        var policy = resolved["deploy"].At("restart_policy");
        var attempts = policy.At("max_attempts").AsNumber();
        return policy.At("condition").AsText() switch
        {
            "none" => "no",
            "on-failure" => attempts > 0
                ? string.Create(CultureInfo.InvariantCulture, $"on-failure:{attempts}")
                : "on-failure",
            "any" => "always",
            _ => Default,
        };
    }

    private int Replicas() =>
        (resolved["deploy"].At("replicas") ?? resolved["scale"]) is { } count ? count.AsNumber() ?? 0 : 1;

    /// <summary>What several services may be told is told once.</summary>
    private void Once(string warning)
    {
        if (!warnings.Contains(warning))
            warnings.Add(warning);
    }

    private bool IsReleaseForSure => Is("release", JsonValueKind.True) || compose.Asked?.Contains(name) == true;

    private bool Is(string key, JsonValueKind kind) =>
        Extension[key] is JsonValue value && value.GetValueKind() == kind;

    private string? Text(string key) => Extension[key] is JsonValue value ? value.ToString() : null;

    private string Shown(string key) =>
        Extension[key] is { } value
            ? value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : value.ToJsonString()
            : "";

    private IEnumerable<string> Texts(string key) =>
        (resolved[key] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.ToString());

    private void Refuse(string what, string mend) => problems.Add(new(Place, what, mend));
}
