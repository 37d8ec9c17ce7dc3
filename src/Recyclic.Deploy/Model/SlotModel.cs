using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: turns the team's compose model into the model of one slot, or of the accessories alone.</summary>
public static class SlotModel
{
    /// <summary>What one probe takes of a processor, roughly: a process is started in the container.</summary>
    private static readonly TimeSpan ProbeCost = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ShortestStartInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStartInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The model that starts one release in one slot: no published ports, no fixed names, images pinned, restarts off.
    /// </summary>
    /// <param name="maximumInterval">At most this long between health probes; null: as the file says.</param>
    /// <param name="mark">What tells these containers from others': see <see cref="Ownership"/>.</param>
    /// <param name="volumes">Where release services keep what they write without the file naming a volume; they exist
    /// by then.</param>
    public static JsonObject ForSlot(
        Application app,
        Slot slot,
        Release release,
        TimeSpan? maximumInterval,
        Naming naming,
        string mark,
        params ImmutableArray<DataVolume> volumes
    )
    {
        // What is handed over is not there yet, and what is done once was done before: compose is to start neither for
        // the sake of others.
        var names = app.Overlapping.Select(service => service.Name).ToHashSet();
        var services = new JsonObject();
        var startInterval = StartIntervalFor(app.Services.Sum(service => service.Replicas));
        foreach (var service in app.Services)
        {
            var model = Copy(app, service.Name);
            var own = service.Exclusive ? OwnPorts.Of(model).Select(port => port.DeepClone()).ToArray() : [];
            foreach (var key in ComposeAttributes.LeftOut)
                model.Remove(key);
            if (own.Length > 0)
                model["ports"] = new JsonArray(own);
            model["image"] = release.Images[service.Name].Digest;
            model["restart"] = "no";
            model["deploy"] = WithoutPlacement(model["deploy"] as JsonObject, service.Replicas);
            KeepDependencies(model, names.Contains);
            KeepLinks(model, [.. app.Services.Except(app.OneOffs).Select(other => other.Name)]);
            var wishes = WishesOf(model).ToList();
            foreach (var key in WishKeys)
                if (model[key].AsText() is { Length: > 0 } wish)
                    model[key] = InSlot(wish, slot);
            if (!NetworkModes.IsOwn(model))
                JoinSlotNetwork(app, model, service.Name, wishes, slot);
            AddLabels(model, app, service, slot, release, mark);
            if (service.HasHealthCheck)
                SetProbes(
                    model,
                    service.HealthCheck,
                    maximumInterval,
                    app.ProbesFastWhileStarting ? startInterval : null
                );
            services[service.Name] = model;
        }
        var document = new JsonObject
        {
            ["name"] = naming.SlotProject(slot),
            ["services"] = services,
            ["networks"] = new JsonObject(
                ExternalNetworks(app).Append(KeyValuePair.Create("slot", (JsonNode?)External(naming.SlotNetwork(slot))))
            ),
        };
        if (SharedVolumes(app).Any())
            document["volumes"] = new JsonObject(
                SharedVolumes(app)
                    .Select(volume => KeyValuePair.Create(volume, app.Document["volumes"].At(volume)?.DeepClone()))
            );
        foreach (var volume in volumes)
            MountVolume(document, volume);
        foreach (var key in new[] { "secrets", "configs", "models" })
            if (app.Document[key] is { } node)
                document[key] = node.DeepClone();
        return document;
    }

    /// <summary>
    /// How often Docker probes each of so many containers while they start: all probes together keep about one
    /// processor busy at most.
    /// </summary>
    public static TimeSpan StartIntervalFor(int containers) =>
        TimeSpan.FromTicks(
            Math.Clamp((ProbeCost * containers).Ticks, ShortestStartInterval.Ticks, LongestStartInterval.Ticks)
        );

    /// <summary>
    /// The model that starts the accessories under the application's own project name, exactly as the file says.
    /// </summary>
    public static JsonObject ForAccessories(Application app)
    {
        var document = (JsonObject)app.Document.DeepClone();
        var names = app.Accessories.Select(accessory => accessory.Name).ToHashSet();
        var services = (JsonObject)document["services"]!;
        foreach (var name in services.Select(service => service.Key).Where(name => !names.Contains(name)).ToList())
            services.Remove(name);
        foreach (var model in services.Select(service => service.Value).OfType<JsonObject>())
        {
            model.Remove("profiles");
            KeepDependencies(model, names.Contains);
            KeepLinks(model, names);
            // Compose refuses it where the engine does not know it.
            if (!app.ProbesFastWhileStarting)
                (model["healthcheck"] as JsonObject)?.Remove("start_interval");
        }
        return document;
    }

    /// <summary>
    /// The named volumes of release services, shared by all releases: under their full names, so that the first to need
    /// one creates it.
    /// </summary>
    private static IEnumerable<string> SharedVolumes(Application app) =>
        (
            from service in app.Services
            from mount in (app.Document["services"]![service.Name]!["volumes"] as JsonArray ?? []).OfType<JsonObject>()
            let source = mount["source"].AsText()
            where mount["type"].AsText() == "volume" && !string.IsNullOrEmpty(source)
            select source
        ).Distinct();

    /// <summary>
    /// In the place of the anonymous volume that compose would make anew, with whatever else the file says of that
    /// mount.
    /// </summary>
    private static void MountVolume(JsonObject document, DataVolume volume)
    {
        if (document["services"].At(volume.Service) is not JsonObject service)
            return;
        var mounts = service["volumes"] as JsonArray;
        if (mounts is null)
            service["volumes"] = mounts = [];
        if (document["volumes"] is not JsonObject known)
            document["volumes"] = known = [];
        var key = volume.Name;
        while (known.ContainsKey(key))
            key += "_";
        known[key] = External(volume.Name);
        var own = mounts
            .OfType<JsonObject>()
            .FirstOrDefault(mount =>
                mount["type"].AsText() == "volume"
                && string.IsNullOrEmpty(mount["source"].AsText())
                && Mount.Clean(mount["target"].AsText() ?? "") == volume.Path
            );
        if (own is not null)
            own["source"] = key;
        else
            mounts.Add(
                new JsonObject
                {
                    ["type"] = "volume",
                    ["source"] = key,
                    ["target"] = volume.Path,
                }
            );
    }

    private static JsonObject Copy(Application app, string service) =>
        (JsonObject)app.Document["services"]![service]!.DeepClone();

    private static JsonObject External(string name) => new() { ["name"] = name, ["external"] = true };

    private static JsonObject WithoutPlacement(JsonObject? deploy, int replicas)
    {
        var kept = new JsonObject { ["replicas"] = replicas };
        if (deploy?["resources"] is JsonObject { Count: > 0 } resources)
            kept["resources"] = resources.DeepClone();
        return kept;
    }

    private static void KeepDependencies(JsonObject model, Func<string, bool> keep)
    {
        if (model["depends_on"] is not JsonObject dependencies)
            return;
        foreach (var name in dependencies.Select(dependency => dependency.Key).Where(name => !keep(name)).ToList())
            dependencies.Remove(name);
        if (dependencies.Count == 0)
            model.Remove("depends_on");
    }

    /// <summary>
    /// Compose refuses a link to what another project has; by its names, also those of links, it is found without.
    /// </summary>
    private static void KeepLinks(JsonObject model, HashSet<string> names)
    {
        if (model["links"] is not JsonArray links)
            return;
        model["links"] = new JsonArray([
            .. links
                .OfType<JsonValue>()
                .Select(link => link.ToString())
                .Where(link => names.Contains(link.Split(':')[0]))
                .Select(link => (JsonNode)link),
        ]);
    }

    /// <summary>Networks that exist outside of the application, such as one that several applications share.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> ExternalNetworks(Application app) =>
        (app.Document["networks"] as JsonObject ?? [])
            .Where(network => IsExternal(network.Value))
            .Select(network =>
                KeyValuePair.Create(
                    ExternalKey(network.Key),
                    (JsonNode?)External(network.Value.At("name").AsText() ?? network.Key)
                )
            );

    /// <summary>
    /// What the file's networks of release services say to their driver, such as the MTU: it holds in a slot too. Where
    /// they differ, the first has it.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> NetworkOptions(Application app) =>
        from option in OwnNetworksOf(app.Document, app.Services.Select(service => service.Name))
            .SelectMany(network => network.Value.At("driver_opts") as JsonObject ?? [])
            .GroupBy(option => option.Key, (key, values) => (Key: key, Value: values.First().Value?.ToString() ?? ""))
        // A bridge's name can be given once.
        where option.Key != "com.docker.network.bridge.name"
        select KeyValuePair.Create(option.Key, option.Value);

    /// <summary>The application's own networks that services are on.</summary>
    internal static IEnumerable<KeyValuePair<string, JsonNode?>> OwnNetworksOf(
        JsonObject document,
        IEnumerable<string> services
    )
    {
        var joined = services
            .SelectMany(service =>
                (document["services"].At(service).At("networks") as JsonObject ?? []).Select(network => network.Key)
            )
            .ToHashSet();
        return (document["networks"] as JsonObject ?? []).Where(network =>
            joined.Contains(network.Key) && !IsExternal(network.Value)
        );
    }

    /// <summary>The keys of the networks outside of the application that a service is on.</summary>
    public static IEnumerable<string> ExternalNetworksOf(JsonObject document, string service) =>
        (document["services"].At(service).At("networks") as JsonObject ?? [])
            .Select(network => network.Key)
            .Where(key => IsExternal(document["networks"].At(key)));

    /// <summary>Names that can be given once, while two releases run side by side.</summary>
    private static readonly string[] WishKeys = ["container_name", "hostname"];

    /// <summary>
    /// Names that a service asks for, and that only one container could have, as far as others find it by them. A host
    /// name with a domain is none of those.
    /// </summary>
    public static IEnumerable<string> WishesOf(JsonNode? service) =>
        WishKeys
            .Select(key => (Key: key, Wish: service.At(key).AsText() ?? ""))
            .Where(entry =>
                entry.Wish.Length > 0
                && (entry.Key == "container_name" || !entry.Wish.Contains('.', StringComparison.Ordinal))
            )
            .Select(entry => entry.Wish)
            .Distinct();

    /// <summary>
    /// What such a name is in a slot: `web-blue`, `mail-blue.example.org`. What is between dots has at most 63
    /// characters.
    /// </summary>
    public static string InSlot(string name, Slot slot)
    {
        var first = name.Split('.')[0];
        return $"{first[..Math.Min(first.Length, 63 - slot.Name().Length - 1)]}-{slot.Name()}{name[first.Length..]}";
    }

    /// <summary>The name of a service's container in a slot.</summary>
    public static string ContainerName(Application app, string service, Slot slot, Naming naming, int number) =>
        app.Document["services"].At(service).At("container_name").AsText() is { Length: > 0 } wish
            ? InSlot(wish, slot)
            : string.Create(CultureInfo.InvariantCulture, $"{naming.SlotProject(slot)}-{service}-{number}");

    /// <summary>The names by which other services reach one: its own, and its aliases on any network.</summary>
    public static IEnumerable<string> NamesOf(JsonObject document, string service) =>
        NamesOf(document["services"].At(service), service).Concat(LinkedAs(document, service)).Distinct();

    /// <summary>
    /// The other names that links of other services give to one: `database` by `links: ["db:database"]`. In a slot
    /// everybody finds it by them.
    /// </summary>
    private static IEnumerable<string> LinkedAs(JsonObject document, string service) =>
        from other in document["services"] as JsonObject ?? []
        from link in other.Value.At("links") as JsonArray ?? []
        let parts = link.AsText()?.Split(':')
        where
            parts is [var target, var alias] && target == service && alias != service && !Naming.IsReservedAlias(alias)
        select parts[1];

    /// <param name="service">The service itself, as compose describes it.</param>
    internal static IEnumerable<string> NamesOf(JsonNode? service, string name) =>
        Aliases(service).Prepend(name).Distinct();

    private static IEnumerable<string> Aliases(JsonNode? service) =>
        (service.At("networks") as JsonObject ?? [])
            .SelectMany(network => network.Value.At("aliases") as JsonArray ?? [])
            .Select(alias => alias.AsText())
            .OfType<string>();

    private static bool IsExternal(JsonNode? network) =>
        network.At("external") is JsonValue external && external.ToString() == "true";

    /// <summary>Never the slot network's own key.</summary>
    private static string ExternalKey(string network) => "external-" + network;

    /// <summary>What only one container on a network can have.</summary>
    internal static readonly string[] AddressKeys = ["ipv4_address", "ipv6_address", "mac_address"];

    private static void JoinSlotNetwork(
        Application app,
        JsonObject model,
        string service,
        IEnumerable<string> wishes,
        Slot slot
    )
    {
        var joined = model["networks"] as JsonObject ?? [];
        var aliases = Aliases(model)
            .Concat(LinkedAs(app.Document, service))
            .Concat(wishes)
            .Append(Naming.EdgeAlias(service, slot))
            .Distinct();
        var networks = new JsonObject
        {
            ["slot"] = new JsonObject { ["aliases"] = new JsonArray([.. aliases.Select(alias => (JsonNode)alias)]) },
        };
        // Where the service has a door, its names on those networks are the door's: its container is put there without
        // them once it is made, and finds its own slot's services by names that are for itself alone.
        if (app.Doors.Any(door => door.Service == service))
            LookAtOwnSlotFirst(app, model, service, slot);
        else
            foreach (var key in ExternalNetworksOf(app.Document, service))
            {
                networks[ExternalKey(key)] = joined[key]?.DeepClone();
                // Two containers cannot have one address.
                foreach (var single in AddressKeys)
                    (networks[ExternalKey(key)] as JsonObject)?.Remove(single);
            }
        model["networks"] = networks;
        model.Remove("network_mode");
    }

    /// <summary>
    /// A name is looked up on a container's networks in their alphabetical order, in which a slot's comes last; links
    /// come before all of them.
    /// </summary>
    private static void LookAtOwnSlotFirst(Application app, JsonObject model, string service, Slot slot)
    {
        if (!ExternalNetworksOf(app.Document, service).Any())
            return;
        var links = model["external_links"] as JsonArray;
        if (links is null)
            model["external_links"] = links = [];
        foreach (var door in app.Doors)
        foreach (var name in NamesOf(app.Document, door.Service))
            links.Add($"{Naming.EdgeAlias(door.Service, slot)}:{name}");
    }

    private static void AddLabels(
        JsonObject model,
        Application app,
        ReleaseService service,
        Slot slot,
        Release release,
        string mark
    )
    {
        var labels = model["labels"] as JsonObject ?? [];
        model["labels"] = labels;
        labels[Naming.AppLabel] = app.Name;
        labels[Naming.RoleLabel] = Naming.ReleaseRole;
        labels[Naming.OwnerLabel] = mark;
        labels[Naming.SlotLabel] = slot.Name();
        labels[Naming.ReleaseLabel] = release.Id;
        labels[Naming.TagLabel] = release.Tag;
        labels[Naming.RestartLabel] = service.Restart;
        labels[Naming.ConfigurationLabel] = ServiceSettings
            .Of(app, service.Name)
            .ToLabel()
            .Replace("$", "$$", StringComparison.Ordinal);
        labels[Naming.RoutesLabel] = Route.ToLabel(app.Routes.Where(route => route.Service == service.Name));
        // Said either way: an image may have the label too, and its volumes are not to go for it.
        if (!service.AnonymousPaths.IsEmpty)
            labels[DataVolume.RenewLabel] = service.RenewsVolumes ? "true" : "false";
        if (service.Exclusive)
            labels[Naming.ExclusiveLabel] = "true";
        if (service.OneOff is not null)
            labels[Naming.OneOffLabel] = "true";
        if (service.HandOverOrder > 0)
            labels[Naming.HandOverLabel] = service.HandOverOrder.ToString(CultureInfo.InvariantCulture);
        if (service.Settle is { } settle)
            labels[Naming.SettleLabel] = Text(settle);
        if (service.Probe is { } probe)
            labels[Naming.ProbeLabel] = probe.ToLabel();
        if (service.Patience is { } patience)
            labels[Naming.PatienceLabel] = Text(patience);
    }

    /// <param name="startInterval">Between probes of a container that starts; null: the engine cannot tell the two
    /// apart.</param>
    private static void SetProbes(
        JsonObject model,
        HealthCheck said,
        TimeSpan? maximumInterval,
        TimeSpan? startInterval
    )
    {
        var check = model["healthcheck"] as JsonObject;
        if (check is null)
            model["healthcheck"] = check = [];
        // The engine's defaults, from its documentation: 30 s between probes, 3 retries, no start period.
        var interval = said.Interval ?? TimeSpan.FromSeconds(30);
        if (maximumInterval is { } most && most < interval)
            interval = most;
        var retries = said.Retries ?? 3;
        if (startInterval is not null && said.StartInterval is { } own)
            startInterval = maximumInterval < own ? maximumInterval : own;
        // As long as the file allows a start to take, failures do not count; what it says after that stays as it is.
        var patience = (said.StartPeriod ?? TimeSpan.Zero) + interval * (retries - 1);
        check["interval"] = Text(interval);
        check["start_period"] = Text(startInterval is { } least && patience < least ? least : patience);
        if (startInterval is { } fast)
            check["start_interval"] = Text(fast);
        else
            check.Remove("start_interval");
    }

    private static string Text(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
}
