using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Everyday;

/// <summary>A shop of two services and a database, at one moment.</summary>
internal static class Shop
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <param name="serving">Where users are.</param>
    /// <param name="containers">What is in the slots.</param>
    public static Snapshot At(Slot serving, DateTimeOffset time, params Container[] containers)
    {
        var journal = new Journal([
            Commit("v1", Slot.Blue),
            .. serving == Slot.Green ? [Commit("v2", Slot.Green)] : Array.Empty<JournalRecord>(),
        ]);
        return Snapshot.Empty("shop") with
        {
            Journal = journal,
            HostTime = time,
            Blue = new SlotState(Slot.Blue, Of(Slot.Blue)),
            Green = new SlotState(Slot.Green, Of(Slot.Green)),
            Accessories = [Container("db", null, Noon - TimeSpan.FromDays(3))],
        };

        ImmutableArray<Container> Of(Slot slot) =>
            [.. containers.Where(container => container.Label(Naming.SlotLabel) == slot.Name())];
    }

    /// <param name="slot">Null: an accessory.</param>
    public static Container Container(
        string service,
        Slot? slot,
        DateTimeOffset startedAt,
        string state = "running",
        int number = 1
    )
    {
        var tag = slot == Slot.Green ? "v2" : "v1";
        var labels = ImmutableDictionary<string, string>.Empty.Add("com.docker.compose.container-number", $"{number}");
        if (slot is { } place)
            labels = labels
                .Add(Naming.SlotLabel, place.Name())
                .Add(Naming.TagLabel, tag)
                .Add(Naming.ReleaseLabel, Release(tag).Id);
        var name = $"{slot?.Name() ?? "shop"}-{service}-{number}";
        return new Container(name, name, service, state, "none", 0, "sha256:1", startedAt, labels, []);
    }

    private static JournalRecord Commit(string tag, Slot slot) =>
        new(Noon, $"d-{tag}", JournalKind.Commit) { Release = Release(tag), Slot = slot };

    private static Release Release(string tag) =>
        Deploy.Model.Release.Of(
            tag,
            new Dictionary<string, ImageRef>
            {
                ["api"] = new($"shop/api:{tag}", $"sha256:api-{tag}"),
                ["web"] = new($"shop/web:{tag}", $"sha256:web-{tag}"),
            }
        );
}
