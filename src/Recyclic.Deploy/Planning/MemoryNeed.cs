using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Where a need is known from.</summary>
internal enum MemorySource
{
    /// <summary>What the containers that serve take now.</summary>
    Use,

    /// <summary>What the file lets it take.</summary>
    Limit,

    /// <summary>What the file keeps free for it.</summary>
    Reservation,
}

/// <summary>Pure: how much more memory a service takes while two releases run. All amounts are bytes.</summary>
/// <param name="Each">Of one container.</param>
/// <param name="Containers">How many are started.</param>
/// <param name="Given">What it gives back before that: a service that is handed over ends first.</param>
internal sealed record MemoryNeed(string Service, long Each, int Containers, MemorySource Source, long Given = 0)
{
    public long Bytes => Math.Max(0, Each * Containers - Given);

    /// <summary>
    /// Of what a deploy starts and of which something is known: by what serves now, unless the file gives a service more
    /// than that has; else by what the file says.
    /// </summary>
    /// <param name="uses">By container id.</param>
    public static ImmutableArray<MemoryNeed> Of(Application app, Snapshot now, ImmutableDictionary<string, long> uses)
    {
        var serving = now.Current is { Slot: var slot } ? now[slot].Containers : [];
        return
        [
            .. app
                .Services.Where(service => service.OneOff is null)
                .Select(service =>
                    Of(
                        app.Document,
                        service.Name,
                        service.Replicas,
                        service.Exclusive,
                        [.. serving.Where(container => container.Service == service.Name && container.IsRunning)],
                        uses
                    )
                )
                .Concat(MissingAccessories.Of(app, now).All.Select(name => Of(app.Document, name, 1, false, [], uses)))
                .OfType<MemoryNeed>(),
        ];
    }

    private static MemoryNeed? Of(
        JsonObject document,
        string service,
        int replicas,
        bool endsFirst,
        ImmutableArray<Container> serving,
        ImmutableDictionary<string, long> uses
    )
    {
        var model = document["services"].At(service);
        var limit =
            Amount(model.At("deploy").At("resources").At("limits").At("memory")) ?? Amount(model.At("mem_limit"));
        var reserved =
            Amount(model.At("deploy").At("resources").At("reservations").At("memory"))
            ?? Amount(model.At("mem_reservation"));
        var known = serving.Where(container => uses.ContainsKey(container.Id)).ToList();
        var use = known.Count > 0 ? known.Max(container => uses[container.Id]) : (long?)null;
        var given = endsFirst ? known.Sum(container => uses[container.Id]) : 0;
        if (reserved is { } kept)
            return new(service, Capped(Math.Max(kept, use ?? 0)), replicas, MemorySource.Reservation, given);
        var isRaised = limit is { } may && known.Any(container => container.MemoryLimit < may);
        if (use is { } takes && !isRaised)
            return new(service, Capped(takes), replicas, MemorySource.Use, given);
        return limit is { } all ? new(service, all, replicas, MemorySource.Limit, given) : null;

        long Capped(long bytes) => Math.Min(bytes, limit ?? long.MaxValue);
    }

    private static long? Amount(JsonNode? node) => MemoryText.Parse(node?.ToString());

    /// <summary>`web 2 x 120 MB, as now`.</summary>
    public string Describe() =>
        $"{Service} {(Containers > 1 ? $"{Containers} x " : "")}{MemoryText.Of(Each)}, {Source switch
        {
            MemorySource.Use => "as now",
            MemorySource.Limit => "its limit",
            _ => "as reserved",
        }}{(Given > 0 ? $" (it ends first and gives back {MemoryText.Of(Given)})" : "")}";
}
