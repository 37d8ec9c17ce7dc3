using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: what becomes of labels and variables that address a proxy which finds containers by the engine's socket.
/// </summary>
internal static class ProxyNotes
{
    public static IEnumerable<string> Of(Application app, Snapshot now)
    {
        if (!now.Traits.HasEdge)
            yield break;
        var old = now.Current is { } current ? now[current.Slot] : null;
        foreach (var service in app.Services.Where(service => service.OneOff is null))
        {
            var sign = ProxyLabels.Of(app.Document, service);
            var door = app.Doors.FirstOrDefault(door => door.Service == service.Name);
            if (
                door is not null
                && old?.Of(service.Name).Any() == true
                && now.Doors.Any(there => there.Service == service.Name)
                && !sign.Equals(old.SignOf(service.Name))
            )
                yield return $"{service.Name} says something else to proxies: once users are moved, its door is made anew beside the old one, and has another address; a program that keeps the address that it found, as nginx does, has to be started again";
            if (!ProxyLabels.IsAddressed(sign))
                continue;
            var said = string.Join(", ", ProxyLabels.FamiliesOf(sign));
            if (door is not null)
                yield return $"what {service.Name} says to proxies ({said}) is on its door, not on its containers: a proxy sees one container of it at all times";
            else if (!NetworkModes.IsOwn(app.Document["services"].At(service.Name)))
                yield return $"what {service.Name} says to proxies ({said}) stays on its containers, which a deploy replaces: {WhyNoDoor(app, service)}";
        }
    }

    /// <summary>
    /// A proxy that is part of the release is in a slot, where no door is: it reaches one on an external network alone.
    /// </summary>
    /// <exception cref="ConfigurationException">It could reach none.</exception>
    public static void RefuseInSlot(Application app)
    {
        var doors = app.Doors.Where(door => ProxyLabels.IsAddressed(door.Sign)).ToList();
        if (doors.Count == 0)
            return;
        var problems = app
            .Services.Where(service =>
                ImageKinds.Of(service.Image) == ImageKind.Proxy
                && ReadsSocket(app.Document["services"].At(service.Name))
            )
            .Where(service =>
            {
                var outside = SlotNetworks
                    .ExternalOf(app.Document, service.Name)
                    .Select(key => app.Document["networks"].At(key).At("name").AsText() ?? key)
                    .ToHashSet();
                return doors.Any(door => !door.Networks.Any(network => outside.Contains(network.Name)));
            })
            .Select(service => new ConfigurationProblem(
                $"service {service.Name}",
                $"it finds containers by their labels and is part of the release itself: in a slot it would not reach {string.Join(", ", doors.Select(door => door.Service))}, and two of it would run at each deploy",
                "Make it an accessory, which stays through deploys: x-recyclic: { release: false }."
            ))
            .ToImmutableArray();
        if (!problems.IsEmpty)
            throw new ConfigurationException(problems);
    }

    private static string WhyNoDoor(Application app, ReleaseService service) =>
        service.Inside.IsEmpty && !ProxyLabels.PortsOf(app.Document, service).Any()
            ? "no port of it is known. Name it: expose: [\"8000\"]"
            : "no network is there without its containers. Name one that the proxy is on: networks: [proxy], and below networks: { proxy: { external: true } }";

    private static bool ReadsSocket(JsonNode? service) =>
        (service.At("volumes") as JsonArray ?? []).Any(mount =>
            mount.At("source").AsText()?.EndsWith("/docker.sock", StringComparison.Ordinal) == true
        )
        || service.At("use_api_socket")?.ToString() == "true";
}
