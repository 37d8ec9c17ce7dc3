using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>Pure: turns the team's compose model into the model of one slot, or of the accessories alone.</summary>
public static class SlotModel
{
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
        var listening = app.Services.ToDictionary(
            service => service.Name,
            service => SlotProbes.ListeningPort(app, service, (JsonObject)app.Document["services"]![service.Name]!)
        );
        var startInterval = SlotProbes.StartIntervalFor(
            app.Services.Where(service => listening[service.Name] is null).Sum(service => service.Replicas)
        );
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
            var wishes = ServiceNames.WishesOf(model).ToList();
            foreach (var key in ServiceNames.WishKeys)
                if (model[key].AsText() is { Length: > 0 } wish)
                    model[key] = ServiceNames.InSlot(wish, slot);
            if (!NetworkModes.IsOwn(model))
                SlotNetworks.Join(app, model, service.Name, wishes, slot);
            var door = app.Doors.FirstOrDefault(door => door.Service == service.Name);
            if (door is not null)
                ProxyLabels.Move(model, door.Sign);
            AddLabels(model, app, service, slot, release, mark);
            if (door is { Sign.IsEmpty: false })
                model["labels"]![Naming.SignLabel] = Escaped(DoorSign.ToLabel(door));
            if (service.HasHealthCheck)
                SlotProbes.Set(
                    model,
                    service.HealthCheck,
                    maximumInterval,
                    !app.ProbesFastWhileStarting ? null
                        : listening[service.Name] is null ? startInterval
                        : SlotProbes.QuietStartInterval
                );
            if (listening[service.Name] is { } port)
                model["labels"]![Naming.ListensLabel] = port.ToString(CultureInfo.InvariantCulture);
            services[service.Name] = model;
        }
        var document = new JsonObject
        {
            ["name"] = naming.SlotProject(slot),
            ["services"] = services,
            ["networks"] = new JsonObject(
                SlotNetworks
                    .External(app)
                    .Append(KeyValuePair.Create("slot", (JsonNode?)SlotNetworks.External(naming.SlotNetwork(slot))))
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
        known[key] = SlotNetworks.External(volume.Name);
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

    /// <summary>As compose wants a dollar sign.</summary>
    private static string Escaped(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

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
        labels[Naming.ConfigurationLabel] = Escaped(ServiceSettings.Of(app, service.Name).ToLabel());
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
        if (service.Hold is { } hold)
            labels[Naming.HoldLabel] = SlotProbes.Text(hold);
        if (service.Settle is { } settle)
            labels[Naming.SettleLabel] = SlotProbes.Text(settle);
        if (service.Probe is { } probe)
            labels[Naming.ProbeLabel] = probe.ToLabel();
        if (service.Patience is { } patience)
            labels[Naming.PatienceLabel] = SlotProbes.Text(patience);
    }
}
