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
    private static readonly string[] KnownKeys =
    [
        "overlap",
        "settle",
        "mode",
        "ports",
        "host",
        "path",
        "release",
        "renew-volumes",
        "image",
        "one-off",
        "deadline",
        "health",
        ReleaseFileReader.Setting,
    ];

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
            var taken in SlotModel
                .NamesOf(resolved, name)
                .Concat(SlotModel.WishesOf(resolved))
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
        || !Is("one-off", JsonValueKind.False)
            && (
                MustComplete
                || (RestartPolicy() == "no" || OneOffs.LooksLikeOne(resolved))
                    && !Check.Exists
                    && !Extension.ContainsKey("settle")
                    && !Extension.ContainsKey("health")
                    && !ResolvedPorts().Any()
            );

    private bool MustComplete => ComposeReader.MustComplete(compose.Resolved["services"] as JsonObject ?? [], name);

    public void CheckReleaseService(bool engineIsLocal)
    {
        if (resolved["image"].AsText() is not { Length: > 0 })
            Refuse("its image is not a text", $"Write for example image: team/api:${{{compose.TagVariable}}}.");
        foreach (var key in new[] { "container_name", "hostname" })
            if (resolved[key].AsText() is { Length: > 0 } wish)
                warnings.Add(
                    $"{name} has {key}: {wish}; two releases run side by side, so in a slot it is {SlotModel.InSlot(wish, Slot.Blue)} or {SlotModel.InSlot(wish, Slot.Green)}{(SlotModel.WishesOf(resolved).Contains(wish) ? $", and the application finds it as {wish} all the same" : "")}"
                );
        foreach (var key in resolved.Select(attribute => attribute.Key).Where(key => !ComposeAttributes.Knows(key)))
            Refuse(
                $"it has {PrintableText.Of(key, 60)}, and it is not known what that means for two releases side by side",
                "Leave it out, or make the service an accessory: x-recyclic: { release: false }."
            );
        if (resolved["provider"] is not null)
            Refuse(
                "`provider` has another program make it, so it has no containers that could be switched",
                "Make it an accessory: x-recyclic: { release: false }."
            );
        foreach (var key in new[] { "pid", "ipc" })
            if (resolved[key].AsText()?.Split(':') is ["service", var other] && !compose.Choice.IsReleased(other))
                Refuse(
                    $"`{key}: service:{other}` ties it to an accessory, which is in another project",
                    $"Release {other} too, or make this one an accessory: x-recyclic: {{ release: false }}."
                );
        CheckNetworkMode();
        if (resolved["volumes_from"] is not null)
            Refuse(
                "`volumes_from` ties it to one container, but two releases must run side by side",
                "Mount a named volume in both services."
            );
        var others = compose.Resolved["services"] as JsonObject ?? [];
        foreach (
            var link in Texts("links")
                .Where(link =>
                    link.Split(':') is [var service, var alias] && service != alias && others.ContainsKey(alias)
                )
        )
            Refuse(
                $"the link {link} gives a service the name of another one",
                $"Remove the link and use the service's own name, {link.Split(':')[0]}."
            );
        var fixedAt = (resolved["networks"] as JsonObject ?? [])
            .Where(network => SlotModel.AddressKeys.Any(key => network.Value.At(key) is not null))
            .Select(network => network.Key)
            .ToList();
        if (fixedAt.Count > 0)
            warnings.Add(
                $"{name} has a fixed address on {string.Join(", ", fixedAt)}; two releases run side by side, so it gets another one each time and is found by its name"
            );
        if (resolved["mac_address"] is not null)
            warnings.Add($"{name} has a fixed mac_address, which is left out: two releases run side by side");
        foreach (var (network, model) in SlotModel.OwnNetworksOf(compose.Resolved, [name]))
        {
            if (model.At("internal")?.ToString() == "true")
                Once(
                    $"the network {network} is internal, which a slot's network cannot be, since the edge is on it: there release services may reach the outside"
                );
            if ((model.At("ipam").At("config") as JsonArray)?.Count > 0)
                Once(
                    $"the addresses of the network {network} (ipam) hold for accessories: release services are on networks of their own"
                );
        }
        if (compose.AssumedImages.GetValueOrDefault(name) is { } variable)
            warnings.Add(
                $"{variable} is not set, so the image of {name} is taken to have the service's name: {resolved["image"].AsText()}; another one: --image {name}=<name>"
            );
        CheckSettings();
        CheckPorts();
        CheckFiles(engineIsLocal);
    }

    /// <summary>An accessory runs as the file says; only what the slots need of it is checked.</summary>
    public void CheckAccessory(bool engineIsLocal)
    {
        CheckSwitch("release", "false: it is an accessory; true: it is a release service.");
        var isSaid = Extension.ContainsKey("release") || compose.Asked is not null;
        if (!isSaid && compose.Extensions.ContainsKey(name))
            Refuse(
                $"it has x-recyclic, which is for release services only; this is an accessory: {Why}",
                $"Remove x-recyclic, use ${{{compose.TagVariable}}} in the image, or say that it is released: x-recyclic: {{ release: true }}."
            );
        foreach (
            var key in Extension
                .Select(entry => entry.Key)
                .Where(key => compose.Asked is null && Extension.ContainsKey("release") && key != "release")
        )
            Refuse(
                $"it has x-recyclic.{PrintableText.Of(key, 60)}, which is for release services only; this is an accessory, by x-recyclic.release",
                "Remove one of the two."
            );
        foreach (var key in new[] { "network_mode", "pid", "ipc" })
            if (resolved[key].AsText()?.Split(':') is ["service", var other] && compose.Choice.IsReleased(other))
                Refuse(
                    $"`{key}: service:{other}` ties it to one container of {other}, a release service that exists twice",
                    $"Make {other} an accessory too, x-recyclic: {{ release: false }}; or put what it does into {other} itself."
                );
        if (NetworkMode is { } mode)
            warnings.Add(
                $"{name} has network_mode: {mode}; it runs as the file says, and is on no network of a release"
            );
        if (engineIsLocal)
            foreach (var path in missingFiles)
                Once($"{path} does not exist: Docker creates it as an empty folder");
        else
            CheckFiles(engineIsLocal);
    }

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
            OneOff = IsOneOff ? ComposeReader.ParseDuration(Text("deadline")) ?? OneOffs.DefaultDeadline : null,
            HealthCheck = Check,
            Probe = IsOneOff || Check.Exists && Probe?.Kind != ProbeKind.Health ? null : Probe,
            Inside = IsOneOff || NetworkModes.IsOwn(resolved) ? [] : Inside(),
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
            Patience = Check.Exists ? Check.Patience : null,
        };

    /// <summary>The host's network can be had, by one release at a time; that of another container cannot.</summary>
    private void CheckNetworkMode()
    {
        if (NetworkMode is not { } mode)
            return;
        if (mode == "bridge")
            warnings.Add(
                $"{name} has network_mode: bridge; in a slot it is on the slot's network instead, where the edge and its accessories are"
            );
        else if (!NetworkModes.IsOwn(mode))
            Refuse(
                $"`network_mode: {PrintableText.Of(mode, 60)}` takes it out of its slot's network",
                "Remove network_mode; or make it an accessory: x-recyclic: { release: false }."
            );
        else if (Is("overlap", JsonValueKind.True) || Replicas() > 1)
            Refuse(
                $"`network_mode: {mode}` gives it the host's own ports, which one container alone can have; {(Replicas() > 1 ? $"it has {Replicas()} replicas" : "x-recyclic.overlap is true")}",
                "Remove that, or network_mode."
            );
        else if (Extension.ContainsKey("health"))
            Refuse(
                $"x-recyclic.health is asked for on its slot's network, which `network_mode: {mode}` takes it out of",
                "Give it a healthcheck that its container runs itself, or x-recyclic: { settle: 10s }."
            );
    }

    private string? NetworkMode => resolved["network_mode"].AsText() is { Length: > 0 } mode ? mode : null;

    private bool IsSorted => Extension.ContainsKey("host") || Extension.ContainsKey("path");

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

    private void CheckSettings()
    {
        if (compose.Extensions.ContainsKey(name) && Given is not JsonObject)
            Refuse(
                $"x-recyclic is {Given?.ToJsonString() ?? "empty"}, not a map of settings",
                "Write for example x-recyclic: { overlap: false }."
            );
        foreach (var key in Extension.Select(entry => entry.Key).Where(key => !KnownKeys.Contains(key)))
            Refuse($"x-recyclic has no setting '{key}'", $"Use one of: {string.Join(", ", KnownKeys)}.");
        CheckSwitch(
            "overlap",
            "false: it must not run twice, so the old one stops before the new one starts; true: two releases may run at once."
        );
        CheckSwitch("release", "false: it is an accessory; true: it is a release service.");
        CheckOneOff();
        CheckSwitch("renew-volumes", "true: each release begins with fresh anonymous volumes.");
        if (!IsReleaseForSure && ImageKinds.WhyKeepsData(resolved["image"].AsText() ?? "") is { } reason)
            problems.Add(ImageKinds.Refusal(Place, reason));
        if (Extension.ContainsKey("image") && !compose.ImageVariables.ContainsKey(name))
            Refuse(
                "it has x-recyclic.image, but its image is not one variable, which the release could set",
                "Remove x-recyclic.image, or write image: \"${NAME}\"."
            );
        if (Extension.ContainsKey("settle") && ComposeReader.ParseDuration(Text("settle")) is null)
            Refuse($"x-recyclic.settle '{Shown("settle")}' is not a duration", "Write for example 10s.");
        if (Extension.ContainsKey("health") && !OutsideProbe.IsPath(Text("health") ?? ""))
            Refuse(
                $"x-recyclic.health '{Shown("health")}' is not a path",
                "Write for example /healthz: the path that answers 2xx or 3xx once it is ready."
            );
        else if (Extension.ContainsKey("health") && Probe is null)
            Refuse(
                "it has x-recyclic.health, but no port on which it could be asked",
                "Name the port that answers it: expose: [\"8000\"]."
            );
        if (Extension.ContainsKey("mode") && RouteModes.Parse(Text("mode")) is null)
            Refuse(
                $"x-recyclic.mode '{Shown("mode")}' is unknown",
                "Use http, tcp or auto; without it each port has the mode of what it is known for, see a dry run."
            );
        CheckPortSettings();
        if (
            Extension.ContainsKey(ReleaseFileReader.Setting)
            && Text(ReleaseFileReader.Setting) is not (ReleaseFileReader.OfRelease or ReleaseFileReader.OfHost)
        )
            Refuse(
                $"x-recyclic.files '{Shown(ReleaseFileReader.Setting)}' is unknown",
                "Use release: each release has its own copy of what it mounts read-only of the file's folder; or host: the engine's host has the files."
            );
        if (Extension.ContainsKey("host") && !Route.IsHostName(Text("host") ?? ""))
            Refuse(
                $"x-recyclic.host '{Shown("host")}' is not a host name",
                "Write one, for example shop.example.org, without scheme and port; leave it out for any host."
            );
        if (Extension.ContainsKey("path") && !Route.IsPath(Text("path") ?? ""))
            Refuse(
                $"x-recyclic.path '{Shown("path")}' is not a path",
                Text("path") == "/"
                    ? "Leave it out: without it every path matches."
                    : "Write for example /api: it begins with '/', has no trailing '/', and matches itself and everything below it."
            );
        if (
            IsSorted
            && ReadPorts().ToList() is { Count: > 0 } ports
            && ports.All(port => port.Route.Mode == RouteMode.Tcp)
        )
            Refuse(
                Text("mode") == "tcp"
                    ? "x-recyclic has mode tcp together with host or path, which only HTTP requests carry"
                    : $"x-recyclic has host or path, which only HTTP requests carry, but its ports are not HTTP: {string.Join("; ", ports)}",
                "Remove host and path, or say which port is HTTP: x-recyclic: { ports: { \"8000\": http } }."
            );
        if ((IsSorted || Extension.ContainsKey("mode")) && !ResolvedPorts().Any())
            warnings.Add($"{name} has x-recyclic.mode, host or path but publishes no port: they have no effect");
        if (Replicas() is < 1 or > 50)
            Refuse($"deploy.replicas is {Replicas()}", "Use 1 to 50.");
    }

    private void CheckOneOff()
    {
        CheckSwitch("one-off", "true: it does its work once for each release and ends; false: it stays up.");
        if (MustComplete && !IsOneOff)
            Refuse(
                "x-recyclic.one-off is false, but another service waits for it to complete",
                "Remove one-off: false, or the condition service_completed_successfully."
            );
        if (Extension.ContainsKey("deadline") && !IsOneOff)
            Refuse(
                "it has x-recyclic.deadline, which says how long a one-off may take, but it stays up",
                "Remove it, or say that it is one: x-recyclic: { one-off: true }."
            );
        else if (
            Extension.ContainsKey("deadline") && ComposeReader.ParseDuration(Text("deadline")) is not { Ticks: > 0 }
        )
            Refuse($"x-recyclic.deadline '{Shown("deadline")}' is not a duration above zero", "Write for example 30m.");
        if (IsOneOff && ResolvedPorts().Any())
            warnings.Add(
                $"{name} is a one-off: it has ended before anybody is sent to it, so the edge does not publish its ports"
            );
    }

    /// <summary>What several services may be told is told once.</summary>
    private void Once(string warning)
    {
        if (!warnings.Contains(warning))
            warnings.Add(warning);
    }

    private bool IsReleaseForSure => Is("release", JsonValueKind.True) || compose.Asked?.Contains(name) == true;

    private void CheckSwitch(string key, string meaning)
    {
        if (
            Extension.ContainsKey(key)
            && Extension[key]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)
        )
            Refuse($"x-recyclic.{key} '{Shown(key)}' is neither true nor false", meaning);
    }

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
