using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Running;

/// <summary>
/// Pure: a deploy after which nothing of what users have would be left is most likely one of another application under
/// this one's name.
/// </summary>
internal static class ReplacementCheck
{
    /// <param name="agreed">The name of the application that may be replaced whole; null: none.</param>
    /// <exception cref="ConfigurationException">All services, or all published ports, would go, and nobody has agreed
    /// to that by its name; or a name was given that is another's.</exception>
    public static void Check(Application app, Snapshot now, string? agreed)
    {
        if (agreed is not null && agreed != app.Name)
            throw new ConfigurationException(
                "--replace",
                $"it names {PrintableText.Of(agreed, 60)}, but this deploys {app.Name}",
                $"Leave it out; or, where {app.Name} is meant, write --replace {app.Name}."
            );
        if (agreed is null && Loss(app, now) is { } loss)
            throw new ConfigurationException(
                $"application {app.Name}",
                loss,
                $"If this is another application, give it a name of its own: `name:` in its compose file, or --project <name>. If {app.Name} is to be replaced, say so by its name: --replace {app.Name}."
            );
    }

    private static string? Loss(Application app, Snapshot now)
    {
        if (now.Current is not { } current || now[current.Slot] is not { IsEmpty: false } serving)
            return null;
        var before = serving
            .Containers.Select(container => container.Service)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var after = app.Services.Select(service => service.Name).ToList();
        if (!before.Intersect(after).Any())
            return $"none of its services would be left: users have {string.Join(", ", before)}, and this is {string.Join(", ", after)}";
        var ports = serving
            .Routes.Where(route => !route.IsInside)
            .Select(route => route.Published)
            .Distinct()
            .Order()
            .ToList();
        return ports.Count > 0 && !ports.Intersect(app.Routes.Select(route => route.Published)).Any()
            ? $"nothing would answer any more on {(ports.Count == 1 ? "port" : "the ports")} {string.Join(", ", ports)}, which {(ports.Count == 1 ? "users have; it" : "users have; they")} would get an error from the moment of the cutover"
            : null;
    }
}
