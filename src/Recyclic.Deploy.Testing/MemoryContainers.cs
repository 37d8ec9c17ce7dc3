using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Testing;

/// <summary>Pure: the containers that compose would make of an application.</summary>
internal static class MemoryContainers
{
    private static readonly ConditionalWeakTable<
        Application,
        ConcurrentDictionary<(Slot, string), ImmutableDictionary<string, ImmutableDictionary<string, string>>>
    > Labels = [];

    /// <summary>The containers of a release in a slot, with the labels that compose would give them.</summary>
    public static ImmutableArray<Container> Of(Application app, Slot slot, Release release, string state, string health)
    {
        var labels = Labels.GetOrCreateValue(app).GetOrAdd((slot, release.Id), _ => LabelsOf(app, slot, release));
        return
        [
            .. from service in app.Services
            from replica in Enumerable.Range(1, service.Replicas)
            select new Container(
                $"{service.Name}-{slot.Name()}-{replica}-{release.Tag}",
                $"{app.Name}--{slot.Name()}-{service.Name}-{replica}",
                service.Name,
                state,
                service.HasHealthCheck ? health : "none",
                0,
                release.Images[service.Name].Digest,
                MemoryClock.Noon,
                labels[service.Name],
                [new Naming(app.Name).SlotNetwork(slot)]
            ),
        ];
    }

    /// <summary>The running container of an accessory, on the networks of both slots.</summary>
    public static Container Accessory(Application app, string service) =>
        new(
            $"{service}-id",
            $"{app.Name}-{service}-1",
            service,
            "running",
            "healthy",
            0,
            $"sha256:{service}",
            MemoryClock.Noon,
            ImmutableDictionary<string, string>.Empty.Add("com.docker.compose.project", app.Name),
            [
                $"{app.Name}_default",
                new Naming(app.Name).SlotNetwork(Slot.Blue),
                new Naming(app.Name).SlotNetwork(Slot.Green),
            ]
        );

    private static ImmutableDictionary<string, ImmutableDictionary<string, string>> LabelsOf(
        Application app,
        Slot slot,
        Release release
    ) =>
        (
            (JsonObject)SlotModel.ForSlot(app, slot, release, null, new Naming(app.Name), "t.1")["services"]!
        ).ToImmutableDictionary(
            service => service.Key,
            service =>
                ((JsonObject)service.Value!["labels"]!).ToImmutableDictionary(
                    label => label.Key,
                    // Compose writes a dollar sign twice.
                    label => label.Value!.GetValue<string>().Replace("$$", "$", StringComparison.Ordinal)
                )
        );
}
