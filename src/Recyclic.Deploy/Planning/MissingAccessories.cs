using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: the accessories that are not on the host yet, or only made, as their deployer died before it came to start
/// them.
/// </summary>
/// <param name="Early">Those that are started before the release.</param>
/// <param name="Late">
/// Those that by their `depends_on` wait for one of its services, such as a front proxy that ends at once where nobody
/// has the name that it asks for. They are started when the release is there. What a release service waits for itself
/// is none of them. </param>
internal sealed record MissingAccessories(ImmutableArray<string> Early, ImmutableArray<string> Late)
{
    public ImmutableArray<string> All => [.. Early, .. Late];

    public static MissingAccessories Of(Application app, Snapshot now)
    {
        var missing = app
            .Accessories.Select(accessory => accessory.Name)
            .Except(
                now.Accessories.Where(container => container.State != "created").Select(container => container.Service)
            );
        var released = app.Services.Select(service => service.Name).ToHashSet();
        var needed = Reached(app.Document, released);
        var all = missing.ToLookup(name => !needed.Contains(name) && Reached(app.Document, [name]).Overlaps(released));
        return new([.. all[false]], [.. all[true]]);
    }

    /// <summary>Whatever these wait for, also by way of others.</summary>
    private static HashSet<string> Reached(JsonObject document, IEnumerable<string> from)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(from);
        while (next.TryPop(out var service))
            foreach (var need in OneWriter.NeedsOf(document, service).Where(reached.Add))
                next.Push(need);
        return reached;
    }
}
