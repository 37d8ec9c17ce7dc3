using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Backups;

namespace Recyclic.Deploy.Model;

/// <summary>What the file says and two releases side by side cannot have.</summary>
internal sealed partial class ServiceReader
{
    public void CheckReleaseService(bool engineIsLocal)
    {
        if (resolved["image"].AsText() is not { Length: > 0 })
            Refuse("its image is not a text", $"Write for example image: team/api:${{{compose.TagVariable}}}.");
        foreach (var key in new[] { "container_name", "hostname" })
            if (resolved[key].AsText() is { Length: > 0 } wish)
                warnings.Add(
                    $"{name} has {key}: {wish}; two releases run side by side, so in a slot it is {ServiceNames.InSlot(wish, Slot.Blue)} or {ServiceNames.InSlot(wish, Slot.Green)}{(ServiceNames.WishesOf(resolved).Contains(wish) ? $", and the application finds it as {wish} all the same" : "")}"
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
            .Where(network => SlotNetworks.AddressKeys.Any(key => network.Value.At(key) is not null))
            .Select(network => network.Key)
            .ToList();
        if (fixedAt.Count > 0)
            warnings.Add(
                $"{name} has a fixed address on {string.Join(", ", fixedAt)}; two releases run side by side, so it gets another one each time and is found by its name"
            );
        if (resolved["mac_address"] is not null)
            warnings.Add($"{name} has a fixed mac_address, which is left out: two releases run side by side");
        foreach (var (network, model) in SlotNetworks.OwnOf(compose.Resolved, [name]))
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
        CheckSwitch("calls", "false: it calls no release service by its name, so none needs a door for it.");
        CheckSwitch(
            DatabaseChoice.Setting,
            "true: it is a PostgreSQL server that is backed up; false: it is left out."
        );
        var isSaid = Extension.ContainsKey("release") || compose.Asked is not null;
        CheckSecrets();
        var saysMore =
            Extension.Count == 0
            || Extension.Any(entry => entry.Key is not ("calls" or DatabaseChoice.Setting or WithheldUse.Setting));
        if (!isSaid && compose.Extensions.ContainsKey(name) && saysMore)
            Refuse(
                $"it has x-recyclic, which is for release services only; this is an accessory: {Why}",
                $"Remove x-recyclic, use ${{{compose.TagVariable}}} in the image, or say that it is released: x-recyclic: {{ release: true }}."
            );
        foreach (
            var key in Extension
                .Select(entry => entry.Key)
                .Where(key =>
                    compose.Asked is null
                    && Extension.ContainsKey("release")
                    && key is not ("release" or "calls" or DatabaseChoice.Setting or WithheldUse.Setting)
                )
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
}
