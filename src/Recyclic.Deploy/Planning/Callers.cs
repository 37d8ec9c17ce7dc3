using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>
/// Pure: accessories that call the release by its names, such as a front proxy of the team's own, as far as their
/// `depends_on` says it. Those names lead to containers that a deploy replaces.
/// </summary>
internal static class Callers
{
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        var released = app.Services.Select(service => service.Name).ToHashSet();
        foreach (var accessory in app.Accessories)
        {
            ImmutableArray<string> called =
            [
                .. OneWriter
                    .NeedsOf(app.Document, accessory.Name)
                    .Where(released.Contains)
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
            if (called.IsEmpty)
                continue;
            var container =
                now.Accessories.FirstOrDefault(container => container.Service == accessory.Name)?.Name
                ?? $"{app.Name}-{accessory.Name}-1";
            yield return $"{accessory.Name}, which is no part of the release, finds {string.Join(", ", called)} by name: a program that keeps the address that it found, as nginx does, "
                + $"reaches nobody after a deploy until it is started again (docker restart {container}). With x-recyclic: {{ release: true }} it goes with the release";
        }
    }
}
